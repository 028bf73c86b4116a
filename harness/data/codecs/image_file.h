// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/pixel_range.h"
#include "harness/core/variant.h"
#include "harness/data/codecs/image.h"
#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// The bytes of an image or mask file. Throws core::UserError (without the file's name) when it is missing,
/// empty, a folder, a loop of symbolic links, unreadable or larger than 1 GiB.
std::vector<std::uint8_t> read_sample_file(const std::filesystem::path& file);

/// How files become images (docs/data.md).
struct ImageRule {
  std::int64_t channels = 3;  ///< that the network sees, 1 to 64
  bool stored_scale =
      false;  ///< samples as stored, since the range is given; else scaled to all of 8 or 16 bits
  bool apply_orientation = false;  ///< turned as EXIF or TIFF says
};

/// What a stored image shows: palettes looked up, grey expanded to RGB, CMYK converted, WhiteIsZero inverted,
/// alpha dropped (never multiplied); 8 bits where the file has up to 8, else 16. With `channels` 1 or 3 it is
/// [H, W, 3]: grey, RGB or the first three bands; with_channels() makes luminance of it. With more channels
/// it has as many of the file's bands, alpha among them when all samples are wanted. Throws core::UserError
/// (without a file name) when the file does not have the bands, or has more than 16 bits.
Image image_of(const StoredImage& stored, const ImageRule& rule);
/// read_stored() and image_of().
Image decode_image(Bytes bytes, const ImageRule& rule = {});

/// How [data] reads files.
ImageRule image_rule(const core::DataConfig& config);

/// The one way from a decoded image to what a network sees, in training, evaluation and prediction: the
/// channels (grey before resizing), then the size, then the depth of the decode cache (`bits`, 8 or 16),
/// [height, width, channels]. A depth is changed by 257, or, on the stored scale, by keeping the values, up
/// to 255 for 8 bits.
Image network_input(Image decoded, const ImageRule& rule, std::int64_t height, std::int64_t width, int bits);

/// A network's input as a picture of 8 bits: the levels of its first three channels, or of the first one.
Image view_of(const Image& input, const core::PixelRange& range);

/// Writes an 8-bit grey or RGB image as PNG.
void write_png(const std::filesystem::path& file, const Image& image);

}  // namespace segbench::data
