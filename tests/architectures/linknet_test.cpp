// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

constexpr std::int64_t decoder_block(std::int64_t in, std::int64_t out) {
  return conv_norm(in, in / 4, 1) + biased_conv(in / 4, in / 4, 4) + norm(in / 4) + conv_norm(in / 4, out, 1);
}

// segmentation_models.pytorch's Linknet("resnet34", classes=1) has 21,771,937 parameters.
TEST(LinkNet, HasADecoderBlockAStage) {
  const std::int64_t decoder = decoder_block(512, 256) + decoder_block(256, 128) + decoder_block(128, 64) +
                               decoder_block(64, 64) + decoder_block(64, 32);
  const NetworkSummary found = summary_of("linknet", "full", 1);
  EXPECT_EQ(found.trainable, kResNet34 + decoder + biased_conv(32, 1, 1));
  EXPECT_EQ(found.trainable, 21771937);
}

TEST(LinkNet, DoublesOnlyWhereTheEncoderHalved) {
  const NetworkSummary found = summarise({.architecture = "linknet",
                                          .size = "full",
                                          .image_height = 65,
                                          .image_width = 90,
                                          .params = {{"output_stride", 16}}});
  EXPECT_EQ(output_of(found, "decoder1.sum"), (Output{6, 6, 256}));
  EXPECT_EQ(output_of(found, "decoder2.sum"), (Output{12, 12, 128}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{65, 90, 21}));
}

}  // namespace
}  // namespace segbench::architectures
