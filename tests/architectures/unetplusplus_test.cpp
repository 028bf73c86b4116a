// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// segmentation_models.pytorch's UnetPlusPlus("resnet34", classes=1) has 26,078,609 parameters.
TEST(UNetPlusPlus, HasTheParametersOfTheTriangle) {
  // By resolution, from coarse to fine: nodes inside, then the decoder's.
  const std::int64_t at_16 = double_conv(512 + 256, 256);
  const std::int64_t at_8 = double_conv(256 + 128, 128) + double_conv(256 + 2 * 128, 128);
  const std::int64_t at_4 =
      double_conv(128 + 64, 64) + double_conv(128 + 2 * 64, 64) + double_conv(128 + 3 * 64, 64);
  const std::int64_t at_2 = double_conv(64 + 64, 64) + double_conv(64 + 2 * 64, 64) +
                            double_conv(64 + 3 * 64, 64) + double_conv(64 + 4 * 64, 32);
  const NetworkSummary found = summary_of("unetplusplus", "full", 1);
  EXPECT_EQ(found.trainable,
            kResNet34 + at_16 + at_8 + at_4 + at_2 + double_conv(32, 16) + biased_conv(16, 1, 3));
  EXPECT_EQ(found.trainable, 26078609);
}

TEST(UNetPlusPlus, JoinsEveryNodeOfItsResolution) {
  const NetworkSummary found =
      summarise({.architecture = "unetplusplus", .size = "full", .image_height = 65, .image_width = 90});
  EXPECT_EQ(output_of(found, "node01.concat"), (Output{48, 48, 64 + 64}));
  EXPECT_EQ(output_of(found, "node04.concat"), (Output{48, 48, 4 * 64 + 64}));
  EXPECT_EQ(output_of(found, "node22.concat"), (Output{12, 12, 2 * 128 + 256}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{65, 90, 21}));
}

}  // namespace
}  // namespace segbench::architectures
