// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/data/image.h"

namespace segbench::data {

/// A PNG as it is stored: nothing is expanded, scaled or dropped.
struct PngPixels {
  std::int64_t height = 0, width = 0;
  int channels = 0;      ///< 1 grey or palette index, 2 grey + alpha, 3 RGB, 4 RGB + alpha
  int bit_depth = 0;     ///< 1, 2, 4, 8 or 16
  bool indexed = false;  ///< values are indices into `palette`
  std::vector<Rgb> palette;
  std::vector<std::uint16_t> values;  ///< [height, width, channels]
};

/// Reads a whole PNG. Throws core::UserError (without a file name) when it is damaged or cut off.
PngPixels read_png(Bytes bytes);

/// A PNG file of a grey or an RGB image.
std::string png_of(const Image& image);

}  // namespace segbench::data
