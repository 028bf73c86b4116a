// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// segmentation_models.pytorch's DeepLabV3Plus("resnet34", classes=1) has 22,437,457 parameters.
TEST(DeepLabV3Plus, HasTheParametersOfSeparableAspp) {
  const std::int64_t aspp =
      2 * conv_norm(512, 256, 1) + 3 * separable_conv(512, 256) + conv_norm(5 * 256, 256, 1);
  const std::int64_t decoder =
      separable_conv(256, 256) + conv_norm(64, 48, 1) + separable_conv(256 + 48, 256);
  const NetworkSummary found = summary_of("deeplabv3plus", "full", 1);
  EXPECT_EQ(found.trainable, kResNet34 + aspp + decoder + biased_conv(256, 1, 1));
  EXPECT_EQ(found.trainable, 22437457);
}

TEST(DeepLabV3Plus, PoolsAtItsOutputStrideAndDecodesAtAQuarter) {
  const NetworkSummary found =
      summarise({.architecture = "deeplabv3plus", .size = "full", .image_height = 70, .image_width = 129});
  EXPECT_EQ(output_of(found, "aspp.project.relu"), (Output{6, 10, 256}));
  EXPECT_EQ(output_of(found, "concat"), (Output{24, 40, 304}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{70, 129, 21}));
}

TEST(DeepLabV3Plus, TakesOtherRates) {
  const NetworkSummary found = summary_of("deeplabv3plus", "small", 21, {{"atrous_rates", {1, 2}}});
  EXPECT_TRUE(has_row(found, "aspp.atrous2.depthwise"));
  EXPECT_FALSE(has_row(found, "aspp.atrous3.depthwise"));
}

}  // namespace
}  // namespace segbench::architectures
