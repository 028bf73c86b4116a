// SPDX-License-Identifier: MIT
#include "harness/data/codecs/stored_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/mask_file.h"
#include "tests/data/fixtures.h"

namespace segbench::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Pixels = std::vector<std::uint8_t>;
using Words = std::vector<std::uint16_t>;

Pixels text_bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

std::string stored_problem(Bytes bytes) {
  try {
    decode_image(bytes);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

/// A bitmap with a palette, of rows from the top.
Pixels palette_bmp(int bits, int width, const std::vector<Pixels>& packed_rows,
                   const std::vector<Rgb>& palette, std::uint32_t compression = 0, int rows = 0) {
  Pixels bytes = {'B', 'M'};
  const auto number = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  const auto height = rows != 0 ? rows : static_cast<int>(packed_rows.size());
  number(0, 8), number(54 + 4 * static_cast<std::uint32_t>(palette.size()), 4);
  number(40, 4), number(static_cast<std::uint32_t>(width), 4), number(static_cast<std::uint32_t>(-height), 4);
  number(1, 2), number(static_cast<std::uint32_t>(bits), 2), number(compression, 4);
  number(0, 12), number(static_cast<std::uint32_t>(palette.size()), 4), number(0, 4);
  for (const Rgb& c : palette) bytes.insert(bytes.end(), {c[2], c[1], c[0], 0});
  for (const Pixels& row : packed_rows) {
    bytes.insert(bytes.end(), row.begin(), row.end());
    while (compression == 0 && bytes.size() % 4 != (54 + 4 * palette.size()) % 4) bytes.push_back(0);
  }
  return bytes;
}

TEST(Bmp, KeepsPaletteIndicesOfEveryDepth) {
  const std::vector<Rgb> palette = {{0, 0, 0}, {2, 2, 2}};
  const Pixels one = palette_bmp(1, 5, {{0b01001000}, {0b10000000}}, palette);
  EXPECT_EQ(decode_mask(one).values, (Words{0, 1, 0, 0, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(decode_image(one).pixels[3], 2);  // an image is looked up
  EXPECT_EQ(decode_mask(palette_bmp(4, 3, {{0x01, 0x10}}, palette)).values, (Words{0, 1, 1}));
  EXPECT_EQ(decode_mask(palette_bmp(8, 3, {{1, 0, 1}}, palette)).values, (Words{1, 0, 1}));
  EXPECT_EQ(read_stored(one).palette, palette);
  EXPECT_EQ(read_stored(one).kind(), "1-bit palette BMP");
}

TEST(Bmp, ReadsRunLengths) {
  const std::vector<Rgb> palette = {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}};
  // Three of index 2, the end of the line, one plain run of three, the end.
  const Pixels rle8 = palette_bmp(8, 3, {{3, 2, 0, 0, 0, 3, 1, 0, 1, 0, 0, 1}}, palette, 1, 2);
  EXPECT_EQ(decode_mask(rle8).values, (Words{2, 2, 2, 1, 0, 1}));
  const Pixels rle4 = palette_bmp(4, 3, {{3, 0x12, 0, 1}}, palette, 2, 1);
  EXPECT_EQ(decode_mask(rle4).values, (Words{1, 2, 1}));
  EXPECT_THAT(stored_problem(palette_bmp(8, 3, {{9, 2, 0, 1}}, palette, 1, 1)),
              HasSubstr("leaves the image"));
}

TEST(Bmp, RefusesAnIndexBehindThePalette) {
  const Pixels bytes = palette_bmp(8, 2, {{0, 7}}, {{0, 0, 0}, {1, 1, 1}});
  EXPECT_THAT(stored_problem(bytes), HasSubstr("no entry 7"));
}

TEST(Pnm, ReadsTextAsItReadsBytes) {
  const std::string head = "# a comment\n3 1\n";
  EXPECT_EQ(decode_mask(text_bytes("P2\n" + head + "2\n0 2 1\n")).values, (Words{0, 2, 1}));
  EXPECT_EQ(decode_mask(text_bytes("P5\n" + head + "2\n" + std::string("\0\2\1", 3))).values,
            (Words{0, 2, 1}));
  EXPECT_EQ(decode_mask(text_bytes("P1\n" + head + "011\n")).values, (Words{0, 1, 1}));
  EXPECT_EQ(decode_mask(text_bytes("P4\n" + head + "\x60")).values, (Words{0, 1, 1}));
  EXPECT_EQ(decode_image(text_bytes("P3\n1 1\n255\n10 20 30\n")).pixels, (Pixels{10, 20, 30}));
}

TEST(Pnm, ScalesImagesByTheirMaximum) {
  EXPECT_EQ(decode_image(text_bytes("P2\n3 1\n2\n0 1 2\n")).pixels,
            (Pixels{0, 0, 0, 128, 128, 128, 255, 255, 255}));
  EXPECT_EQ(decode_image(text_bytes("P2\n2 1\n4095\n0 4095\n")).wide, (Words{0, 0, 0, 65535, 65535, 65535}));
  EXPECT_EQ(decode_image(text_bytes("P2\n2 1\n4095\n0 4095\n"), {.stored_scale = true}).wide,
            (Words{0, 0, 0, 4095, 4095, 4095}));
  EXPECT_EQ(decode_image(text_bytes("P1\n2 1\n0 1\n")).pixels,
            (Pixels{255, 255, 255, 0, 0, 0}));  // 0 is white
  EXPECT_THAT(stored_problem(text_bytes("P2\n1 1\n15\n16\n")), HasSubstr("above its maxval 15"));
}

TEST(Pnm, ReadsPam) {
  const std::string head = "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n";
  const StoredImage stored = read_stored(text_bytes(head + "\x0a\x14\x1e\x28"));
  EXPECT_EQ(stored.kind(), "8-bit RGBA PNM");
  EXPECT_EQ(image_of(stored, {}).pixels, (Pixels{10, 20, 30}));
  EXPECT_EQ(image_of(stored, {.channels = 4}).pixels, (Pixels{10, 20, 30, 40}));
}

TEST(WebP, IsReadLossless) {
  cv::Mat mat(1, 2, CV_8UC4);
  mat.at<cv::Vec4b>(0, 0) = {30, 20, 10, 5};
  mat.at<cv::Vec4b>(0, 1) = {1, 2, 3, 255};
  Pixels bytes;
  ASSERT_TRUE(cv::imencode(".webp", mat, bytes, {cv::IMWRITE_WEBP_QUALITY, 101}));
  const StoredImage stored = read_stored(bytes);
  EXPECT_FALSE(stored.lossy);
  EXPECT_EQ(stored.alpha, 3);
  EXPECT_EQ(image_of(stored, {}).pixels, (Pixels{10, 20, 30, 3, 2, 1}));  // alpha is not multiplied
}

TEST(Orientation, OfEveryKindTurnsAsTheStandardSays) {
  // 2 rows of 3: 1 2 3 / 4 5 6; row 0 and column 0 lie where TIFF 6.0 says.
  const Image image{2, 3, 1, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(oriented(image, 1), image);
  EXPECT_THAT(oriented(image, 2).pixels, ElementsAre(3, 2, 1, 6, 5, 4));
  EXPECT_THAT(oriented(image, 3).pixels, ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(oriented(image, 4).pixels, ElementsAre(4, 5, 6, 1, 2, 3));
  EXPECT_THAT(oriented(image, 5).pixels, ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(oriented(image, 6).pixels, ElementsAre(4, 1, 5, 2, 6, 3));
  EXPECT_THAT(oriented(image, 7).pixels, ElementsAre(6, 3, 5, 2, 4, 1));
  EXPECT_THAT(oriented(image, 8).pixels, ElementsAre(3, 6, 2, 5, 1, 4));
  EXPECT_EQ(oriented(image, 6).height, 3);
}

TEST(GreyView, ServesAnyDepthAndBands) {
  EXPECT_THAT(grey_view({1, 1, 3, {255, 0, 0}}).pixels, ElementsAre(76));
  EXPECT_THAT(grey_view({1, 2, 2, {7, 1, 9, 1}}).pixels, ElementsAre(7, 9));
  EXPECT_THAT(grey_view({1, 2, 1, {}, {500, 1000}}).pixels, ElementsAre(128, 255));
}

}  // namespace
}  // namespace segbench::data
