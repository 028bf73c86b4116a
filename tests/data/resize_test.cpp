// SPDX-License-Identifier: MIT
#include "harness/data/codecs/resize.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/npy.h"
#include "tests/support/oracles.h"

namespace segbench::data {
namespace {

using segbench::tests::Npy;
using segbench::tests::oracle_cases;
using segbench::tests::read_npy;

Image image_of(const Npy& array) {
  return {array.shape.at(0), array.shape.at(1), array.shape.size() > 2 ? array.shape[2] : 1, array.bytes()};
}

TEST(ResizeBilinear, IsTheHalfPixelRuleRoundedOnce) {
  SEGBENCH_NEEDS_ORACLES();
  int checked = 0;
  for (const auto& oracle : oracle_cases("bilinear_resize")) {
    for (const core::Json& one : oracle.json.at("cases")) {
      const Npy input = read_npy(oracle.beside(one.at("uint8_input")));
      const Npy exact = read_npy(oracle.beside(one.at("uint8_exact_half_pixel")));
      const Npy opencv = read_npy(oracle.beside(one.at("uint8_opencv")));
      const Image resized = resize_bilinear(image_of(input), exact.shape.at(0), exact.shape.at(1));
      ASSERT_EQ(static_cast<std::int64_t>(resized.pixels.size()), exact.size()) << one.at("uint8_input");
      for (std::size_t i = 0; i < resized.pixels.size(); ++i) {
        ASSERT_LE(std::abs(resized.pixels[i] - exact.values[i]), 0.5 + 1e-9)
            << one.at("uint8_input") << " at " << i;
        ASSERT_LE(std::abs(resized.pixels[i] - opencv.values[i]), 1.0)
            << one.at("uint8_input") << " at " << i;
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 0);
}

// Averaging areas, antialiasing or aligning corners would all pass a test of enlargements only.
TEST(ResizeBilinear, DoesNotAntialiasWhenShrinking) {
  Image line{1, 8, 1, {0, 0, 0, 100, 200, 0, 0, 0}};
  EXPECT_EQ(resize_bilinear(line, 1, 2).pixels,
            (std::vector<std::uint8_t>{0, 0}));  // between pixels 1, 2 and 5, 6
  EXPECT_EQ(resize_bilinear(line, 1, 4).pixels, (std::vector<std::uint8_t>{0, 50, 100, 0}));
}

TEST(ResizeBilinear, KeepsChannelsApartAndTheIdentityUntouched) {
  const Image image{2, 1, 3, {10, 20, 30, 50, 60, 70}};
  EXPECT_EQ(resize_bilinear(image, 2, 1), image);
  EXPECT_EQ(resize_bilinear(image, 1, 1).pixels, (std::vector<std::uint8_t>{30, 40, 50}));
  EXPECT_EQ(resize_bilinear(image, 4, 2).pixels[3 * 2], 20);  // a quarter of the way from 10 to 50
}

TEST(NearestIndices, AreTheHalfPixelRule) {
  SEGBENCH_NEEDS_ORACLES();
  int checked = 0;
  for (const auto& oracle : oracle_cases("nearest_resize")) {
    for (const core::Json& one : oracle.json.at("index_maps")) {
      const auto expected = one.at("half_pixel_index").get<std::vector<std::int64_t>>();
      EXPECT_EQ(nearest_indices(one.at("input_size"), one.at("output_size")), expected)
          << one.at("input_size");
      ++checked;
    }
  }
  EXPECT_GT(checked, 0);
}

TEST(ResizeNearest, MatchesTheOracleLabelMap) {
  SEGBENCH_NEEDS_ORACLES();
  int checked = 0;
  for (const auto& oracle : oracle_cases("nearest_resize")) {
    const core::Json* maps = &oracle.json;
    if (oracle.json.contains("label_map")) maps = &oracle.json.at("label_map");
    if (!maps->contains("half_pixel") || !maps->contains("input")) continue;
    const Npy input = read_npy(oracle.beside(maps->at("input")));
    const Npy expected = read_npy(oracle.beside(maps->at("half_pixel")));
    const LabelMap resized = resize_nearest({input.shape.at(0), input.shape.at(1), input.bytes()},
                                            expected.shape.at(0), expected.shape.at(1));
    EXPECT_EQ(resized.labels, expected.bytes());
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

}  // namespace
}  // namespace segbench::data
