// SPDX-License-Identifier: MIT
#include "harness/data/codecs/jpeg_file.h"

#include <gtest/gtest.h>

#include <jpeglib.h>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

/// A one-coloured JPEG of `components` channels; Adobe's marker comes with CMYK.
std::vector<std::uint8_t> jpeg_of(std::vector<std::uint8_t> colour, J_COLOR_SPACE space) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &buffer, &size);
  jpeg.image_width = 16, jpeg.image_height = 8;
  jpeg.input_components = static_cast<int>(colour.size());
  jpeg.in_color_space = space;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 100, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<std::uint8_t> row;
  for (int x = 0; x < 16; ++x) row.insert(row.end(), colour.begin(), colour.end());
  for (int y = 0; y < 8; ++y) {
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&jpeg, &pointer, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::vector<std::uint8_t> bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

void expect_colour(const Image& image, Rgb colour) {
  EXPECT_EQ(image.height, 8);
  EXPECT_EQ(image.width, 16);
  ASSERT_EQ(image.pixels.size(), 8U * 16U * 3U);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(image.pixels[c], colour[c], 2) << "channel " << c;
}

TEST(ReadJpeg, ConvertsColourSpaces) {
  expect_colour(read_jpeg(jpeg_of({200, 40, 90}, JCS_RGB)), {200, 40, 90});
  expect_colour(read_jpeg(jpeg_of({77}, JCS_GRAYSCALE)), {77, 77, 77});
  // Adobe's CMYK is inverted: 255 is no ink.
  expect_colour(read_jpeg(jpeg_of({200, 100, 50, 255}, JCS_CMYK)), {200, 100, 50});
  expect_colour(read_jpeg(jpeg_of({200, 100, 50, 128}, JCS_CMYK)), {100, 50, 25});
}

TEST(ReadJpeg, RefusesMissingPixelsEvenWithAnEndMarker) {
  std::vector<std::uint8_t> bytes = jpeg_of({200, 40, 90}, JCS_RGB);
  bytes.erase(bytes.end() - 12, bytes.end() - 2);  // the end marker stays
  EXPECT_THROW(read_jpeg(bytes), core::UserError);
}

}  // namespace
}  // namespace segbench::data
