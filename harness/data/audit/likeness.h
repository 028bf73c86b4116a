// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/data/codecs/image.h"

namespace segbench::data {

/// A small picture of a sample, for comparing it with all others. Built from shapes alone, so that depth,
/// number of bands and size do not matter.
struct Sketch {
  std::int64_t height = 0, width = 0;    ///< of the image; 0 when it could not be read
  std::string image_sha256;              ///< of the image's pixels
  std::array<std::uint8_t, 256> grey{};  ///< means over 16 x 16 fields
  std::uint64_t hash = 0;                ///< of the differences between neighbouring fields, 8 x 8
  double contrast = 0;                   ///< standard deviation of `grey`
  std::vector<float> edges, borders;  ///< of image and mask, over 32 x 32 fields, each of mean 0 and norm 1
};

/// The picture in shades of grey, [H, W], 0 to 255: the luminance of three channels or more, else the first.
std::vector<std::uint8_t> grey_sketch(const Image& image);

Sketch sketch_of(const Image& image, const LabelMap& labels);

/// Two samples whose pictures differ by less than compressing or resizing them again would change, perhaps in
/// another brightness and contrast, but are not equal pixel by pixel.
struct NearTwins {
  std::size_t first = 0, second = 0;
};
/// Found by a difference hash (64 bits; equal but for a few), confirmed on the 16 x 16 means. Pictures of
/// hardly any contrast are left out.
std::vector<NearTwins> find_near_twins(const std::vector<Sketch>& sketches);

/// A mask whose borders lie on the edges of another image far better than on those of its own.
struct Misfit {
  std::size_t sample = 0, other = 0;
  bool swapped = false;  ///< the other's mask fits this image better too
};

struct MisfitSearch {
  bool possible = false;  ///< false: masks do not follow edges clearly enough, or there are too few samples
  std::vector<Misfit> misfits;
};
/// Compares the edges of every image with the borders of its mask and of others of the same size. How well
/// masks fit their own images, against how well they fit others, says whether this data set can be judged at
/// all.
MisfitSearch find_misfits(const std::vector<Sketch>& sketches);

}  // namespace segbench::data
