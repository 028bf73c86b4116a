// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

/// Of a skip connection; `ratio`: its size over the gate's.
constexpr std::int64_t gate(std::int64_t skip, std::int64_t coarse, std::int64_t ratio) {
  return conv(skip, skip / 2, ratio) + biased_conv(coarse, skip / 2, 1) + biased_conv(skip / 2, 1, 1);
}

TEST(AttentionUNet, IsAUNetWithGatesOnAllButTheFinestSkip) {
  std::int64_t expected = double_conv(3, 64);
  for (const int channels : {64, 128, 256, 512}) {
    expected += double_conv(channels, 2 * channels);             // downwards
    expected += double_conv(2 * channels + channels, channels);  // upwards
    expected += channels == 64 ? 0 : gate(channels, 2 * channels, 2);
  }
  const NetworkSummary found = summary_of("attention_unet", "full", 21);
  EXPECT_EQ(found.trainable, expected + biased_conv(64, 21, 1));
  EXPECT_EQ(found.stride, 16);
  EXPECT_FALSE(has_row(found, "decoder4.attention.psi"));
}

TEST(AttentionUNet, StandsOnAnEncoder) {
  const std::int64_t gates = gate(256, 512, 2) + gate(128, 256, 2) + gate(64, 128, 2);
  const std::int64_t decoder = double_conv(512 + 256, 256) + double_conv(256 + 128, 128) +
                               double_conv(128 + 64, 64) + double_conv(64 + 64, 32) + double_conv(32, 16);
  EXPECT_EQ(summary_of("attention_unet", "full", 21, {{"encoder", "resnet34"}}).trainable,
            kResNet34 + gates + decoder + biased_conv(16, 21, 1));
}

TEST(AttentionUNet, ComputesAttentionInTheGatesSize) {
  const NetworkSummary found =
      summarise({.architecture = "attention_unet", .size = "full", .image_height = 65, .image_width = 90});
  EXPECT_EQ(output_of(found, "decoder1.attention.psi"), (Output{5, 6, 1}));
  EXPECT_EQ(output_of(found, "decoder1.attention.weighted"), (Output{10, 12, 512}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{65, 90, 21}));
}

}  // namespace
}  // namespace segbench::architectures
