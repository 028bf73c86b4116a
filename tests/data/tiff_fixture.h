// SPDX-License-Identifier: MIT
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/data/codecs/image.h"

namespace segbench::data::tests {

/// A TIFF of raw samples [height, width, channels], written with libtiff.
struct TiffSpec {
  std::int64_t height = 0, width = 0;
  int channels = 1, bits = 8;
  std::vector<std::uint32_t> values{};  ///< repeated over all samples
  int photometric = PHOTOMETRIC_MINISBLACK;
  bool apart = false;  ///< bands in planes of their own
  int tile = 0;        ///< side of the tiles, a multiple of 16; 0: strips
  int rows_per_strip = 3;
  int compression = COMPRESSION_NONE;
  int orientation = 1;
  int sample_format = SAMPLEFORMAT_UINT;
  std::vector<std::uint16_t> extras = {};
  std::vector<Rgb> palette = {};
  const char* mode = "wl";  ///< of TIFFOpen: "wb" big endian, "w8" BigTIFF
  int pages = 1;
  bool overviews = false;       ///< the pages after the first are reduced images
  std::uint32_t page_step = 0;  ///< added to the values from page to page
};
void write_test_tiff(const std::filesystem::path& file, const TiffSpec& spec);

}  // namespace segbench::data::tests
