// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/train/normalise.h"

namespace segbench::train {
namespace {

/// Both memory formats, straight from the definition.
void expect_definition(const core::Normalisation& by, const core::PixelRange& range, std::int64_t channels,
                       const std::vector<std::uint16_t>& samples) {
  const auto count = static_cast<std::int64_t>(samples.size()) / channels;
  std::vector<std::uint8_t> bytes;
  for (const std::uint16_t sample : samples) {
    bytes.push_back(static_cast<std::uint8_t>(sample & 255));
    if (range.bits == 16) bytes.push_back(static_cast<std::uint8_t>(sample >> 8));
  }
  const PixelNormaliser normaliser(by, channels, range);
  std::vector<float> last(samples.size()), planes(samples.size());
  normaliser.write(bytes.data(), count, torch::MemoryFormat::ChannelsLast, last.data());
  normaliser.write(bytes.data(), count, torch::MemoryFormat::Contiguous, planes.data());
  for (std::int64_t p = 0; p < count; ++p) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const auto out = static_cast<std::size_t>(c), source = static_cast<std::size_t>(by.source[out]);
      const double level = range.level(source, samples[static_cast<std::size_t>(p * channels) + source]);
      const auto value = static_cast<float>(by.scale[out] * level + by.shift[out]);
      EXPECT_EQ(last[static_cast<std::size_t>(p * channels + c)], value);
      EXPECT_EQ(planes[static_cast<std::size_t>(c * count + p)], value);
    }
  }
}

TEST(PixelNormaliser, ServesEveryDepthRangeAndNumberOfChannels) {
  expect_definition(core::normalisation("imagenet_caffe_bgr", 3), {}, 3, {1, 2, 3, 250, 128, 0});
  expect_definition(core::normalisation("unit_range", 5), {}, 5, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  expect_definition(core::normalisation("minus_one_to_one", 1), {.bits = 16, .bounds = {}}, 1,
                    {0, 257, 65535});
  expect_definition(core::normalisation("imagenet_torch", 3),
                    {.bits = 16, .bounds = {{0, 4095}, {1, 5}, {0, 65535}}}, 3,
                    {0, 3, 9, 4095, 0, 65535, 5000, 9, 1});
}

TEST(PixelNormaliser, RefusesImageNetForOtherChannels) {
  EXPECT_THROW(core::normalisation("imagenet_torch", 4), core::UserError);
}

}  // namespace
}  // namespace segbench::train
