// SPDX-License-Identifier: MIT
#include "harness/core/pixel_range.h"

#include <gtest/gtest.h>

namespace segbench::core {
namespace {

TEST(PixelRange, OfEightBitsIsTheSampleItself) {
  const PixelRange whole;
  for (int v = 0; v < 256; ++v) EXPECT_EQ(whole.level(0, v), v);
  EXPECT_EQ((PixelRange{.bits = 16, .bounds = {}}.level(0, 65535)), 255);
  const PixelRange twelve{.bits = 16, .bounds = {{0, 4095}}};
  EXPECT_EQ(twelve.level(0, 4095), 255);
  EXPECT_EQ(twelve.level(0, 60000), 255);  // clamped
  EXPECT_DOUBLE_EQ(twelve.level(0, 819), 51);
}

TEST(PixelRange, SurvivesJson) {
  const PixelRange range{.bits = 16, .bounds = {{0, 4095}, {10.5, 20}}};
  EXPECT_EQ(pixel_range_from_json(to_json(range)), range);
  EXPECT_EQ(pixel_range_from_json(Json::object()), PixelRange{});
}

TEST(PercentileCounter, TakesTheNearestRanksOfEachChannel) {
  PercentileCounter counter(2, 16);
  std::vector<std::uint16_t> samples;
  for (std::uint16_t i = 1; i <= 1000; ++i) samples.push_back(i), samples.push_back(7);
  counter.add(std::as_bytes(std::span(samples)));
  const auto bounds = counter.bounds();
  EXPECT_EQ(bounds[0], (std::array<double, 2>{10, 990}));
  EXPECT_EQ(bounds[1], (std::array<double, 2>{7, 8}));  // never empty
}

TEST(ViewPixels, ShowsTheFirstThreeChannels) {
  const std::vector<std::uint8_t> four = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(view_pixels(std::as_bytes(std::span(four)), 4, {}),
            (std::vector<std::uint8_t>{1, 2, 3, 5, 6, 7}));
  const std::vector<std::uint16_t> wide = {0, 4095};
  EXPECT_EQ(view_pixels(std::as_bytes(std::span(wide)), 1, {.bits = 16, .bounds = {{0, 4095}}}),
            (std::vector<std::uint8_t>{0, 255}));
}

}  // namespace
}  // namespace segbench::core
