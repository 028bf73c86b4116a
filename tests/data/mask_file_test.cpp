// SPDX-License-Identifier: MIT
#include "harness/data/codecs/mask_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/data/audit/mask_hints.h"
#include "harness/data/codecs/image_file.h"
#include "tests/data/fixtures.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::Npy;
using segbench::tests::oracle_cases;
using segbench::tests::read_npy;
using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using tests::bytes_of;

LabelCoding coding_of(std::vector<int> class_values, std::vector<int> void_values = {}) {
  return {.class_values = std::move(class_values),
          .void_values = std::move(void_values),
          .class_colours = {},
          .void_colours = {}};
}

LabelCoding voc_coding(std::size_t classes) {
  LabelCoding coding;
  for (std::size_t i = 0; i < classes; ++i) {
    coding.class_values.push_back(static_cast<int>(i));
    coding.class_colours.push_back(voc_colour(static_cast<std::uint8_t>(i)));
  }
  coding.void_values = {255};
  coding.void_colours = {voc_colour(255)};
  return coding;
}

std::vector<std::uint8_t> labels_of(const std::filesystem::path& file, const LabelCoding& coding) {
  const CodedMask coded = encode_mask(decode_mask(bytes_of(file)), coding);
  EXPECT_TRUE(coded.unknown.empty()) << file << ": " << list_values(coded.unknown);
  return coded.map.labels;
}

TEST(Masks, MatchTheOracleFiles) {
  SEGBENCH_NEEDS_ORACLES();
  int checked = 0;
  for (const auto& oracle : oracle_cases("mask_files")) {
    for (const core::Json& gif : oracle.json.at("gif")) {
      const Npy expected = read_npy(oracle.beside(gif.at("mask")));
      // The stored values chosen for the classes do not matter: a GIF's indices mean nothing.
      for (const std::vector<int>& values : {std::vector<int>{0, 1}, {0, 255}}) {
        EXPECT_EQ(labels_of(oracle.beside(gif.at("file")), coding_of(values)), expected.bytes())
            << gif.at("file");
      }
      ++checked;
    }
    const core::Json& png = oracle.json.at("png");
    const std::vector<std::uint8_t> expected = read_npy(oracle.beside(png.at("expected"))).bytes();
    EXPECT_EQ(labels_of(oracle.beside(png.at("mask16")), coding_of({0, 65535})), expected);
    EXPECT_EQ(labels_of(oracle.beside(png.at("mask8")), coding_of({0, 255})), expected);
    const core::Json& trimap = oracle.json.at("trimap");
    EXPECT_EQ(labels_of(oracle.beside(trimap.at("file")), coding_of({1, 2, 3})),
              read_npy(oracle.beside(trimap.at("labels_minus_one"))).bytes());
  }
  EXPECT_GT(checked, 0);
}

TEST(Masks, OfPascalVocAreReadAsIndexAndAsColour) {
  SEGBENCH_NEEDS_ORACLES();
  int checked = 0;
  for (const auto& oracle : oracle_cases("voc_palette")) {
    const core::Json& json = oracle.json;
    const Npy map = read_npy(oracle.beside(json.at("colormap_256x3")));
    for (std::size_t i = 0; i < 256; ++i) {
      const Rgb colour = voc_colour(static_cast<std::uint8_t>(i));
      for (std::size_t c = 0; c < 3; ++c) ASSERT_EQ(colour[c], map.values[3 * i + c]) << "index " << i;
    }
    const LabelCoding coding = voc_coding(json.at("class_names").size());
    const Npy expected = read_npy(oracle.beside(json.at("index_void_255")));
    EXPECT_EQ(labels_of(oracle.beside(json.at("palette_png")), coding), expected.bytes());
    EXPECT_EQ(labels_of(oracle.beside(json.at("rgb_png")), coding), expected.bytes());
    const std::vector<std::int64_t> counts =
        core::count_labels(expected.bytes(), static_cast<int>(coding.class_values.size()));
    EXPECT_EQ(std::vector<std::int64_t>(counts.begin(), counts.end() - 1),
              json.at("class_pixel_counts_void_excluded").get<std::vector<std::int64_t>>());

    // Colours outside of the map are reported, never mapped.
    const Npy strange = read_npy(oracle.beside(json.at("rgb_with_unknown_colours")));
    RawMask raw;
    raw.height = strange.shape.at(0), raw.width = strange.shape.at(1);
    const std::vector<std::uint8_t> rgb = strange.bytes();
    for (std::size_t i = 0; i < rgb.size(); i += 3) raw.colours.push_back({rgb[i], rgb[i + 1], rgb[i + 2]});
    const CodedMask coded = encode_mask(raw, coding);
    std::vector<Rgb> colours;
    for (const auto& [colour, pixels] : coded.unknown.colours) colours.push_back(colour);
    EXPECT_EQ(colours, json.at("unknown_colours_sorted").get<std::vector<Rgb>>());
    EXPECT_EQ(coded.unknown_pixels, static_cast<std::int64_t>(json.at("unknown_pixel_flat_indices").size()));
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST(Masks, KeepPaletteIndicesAndSmallGreyValuesAsTheyAreStored) {
  const TemporaryFolder folder;
  // A palette whose colours would give other numbers, and grey values that readers like to scale to 0…255.
  for (const int depth : {1, 2, 4, 8}) {
    const std::uint16_t top = static_cast<std::uint16_t>((1 << depth) - 1);
    std::vector<Rgb> palette(static_cast<std::size_t>(top) + 1U, Rgb{9, 9, 9});
    for (const bool interlaced : {false, true}) {
      tests::PngSpec spec{.height = 3,
                          .width = 5,
                          .bit_depth = depth,
                          .values = {0, top, 1},
                          .palette = palette,
                          .interlaced = interlaced};
      tests::write_test_png(folder / "palette.png", spec);
      spec.palette = {};
      tests::write_test_png(folder / "grey.png", spec);
      for (const char* name : {"palette.png", "grey.png"}) {
        const RawMask mask = decode_mask(bytes_of(folder / name));
        ASSERT_EQ(mask.values.size(), 15U);
        EXPECT_EQ(mask.values[0], 0) << name << " " << depth;
        EXPECT_EQ(mask.values[1], top) << name << " " << depth;
        EXPECT_EQ(mask.values[14], 1) << name << " " << depth;
      }
    }
  }
}

TEST(Masks, OfSixteenBitsKeepBothBytes) {
  const TemporaryFolder folder;
  tests::write_test_png(folder / "m.png",
                        {.height = 1, .width = 3, .bit_depth = 16, .values = {0, 256, 65535}});
  EXPECT_EQ(decode_mask(bytes_of(folder / "m.png")).values, (std::vector<std::uint16_t>{0, 256, 65535}));
}

TEST(Masks, OfGreyStoredAsRgbCountAsGrey) {
  const TemporaryFolder folder;
  tests::write_test_png(folder / "m.png",
                        {.height = 1, .width = 2, .channels = 4, .values = {0, 0, 0, 255, 255, 255, 255, 0}});
  EXPECT_EQ(labels_of(folder / "m.png", coding_of({0, 255})), (std::vector<std::uint8_t>{0, 1}));
}

TEST(Masks, OfOtherLosslessFormatsAreRead) {
  const TemporaryFolder folder;
  const cv::Mat mat = (cv::Mat_<std::uint8_t>(2, 3) << 0, 1, 2, 2, 255, 0);
  for (const char* suffix : {".bmp", ".tif", ".pgm"}) {
    std::vector<std::uint8_t> bytes;
    ASSERT_TRUE(cv::imencode(suffix, mat, bytes));
    const CodedMask coded = encode_mask(decode_mask(bytes), coding_of({0, 1, 2}, {255}));
    EXPECT_EQ(coded.map.labels, (std::vector<std::uint8_t>{0, 1, 2, 2, 255, 0})) << suffix;
  }
}

TEST(Masks, OfLossyFormatsAreRefused) {
  for (const char* suffix : {".jpg", ".webp"}) {
    std::vector<std::uint8_t> bytes;
    ASSERT_TRUE(cv::imencode(suffix, cv::Mat(16, 16, CV_8UC3, cv::Scalar(0, 0, 255)), bytes,
                             suffix == std::string(".webp") ? std::vector<int>{cv::IMWRITE_WEBP_QUALITY, 50}
                                                            : std::vector<int>{}));
    try {
      decode_mask(bytes);
      FAIL() << suffix;
    } catch (const core::UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr("lossy"));
    }
  }
}

TEST(MaskHints, ListTheMostFrequentValuesFirst) {
  MaskValues values;
  for (int i = 0; i < 9; ++i) values.values[i + 10] = i + 1;
  EXPECT_EQ(list_values(values, 2), "18 (9 pixels), 17 (8 pixels) and 7 more");
  EXPECT_EQ(list_values({{}, {{{255, 0, 16}, 1}}}), "#ff0010 (1 pixel)");
}

}  // namespace
}  // namespace segbench::data
