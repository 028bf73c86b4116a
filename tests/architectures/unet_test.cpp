// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// segmentation_models.pytorch's Unet("resnet34", classes=1) has 24,436,369 parameters.
TEST(UNetOnAnEncoder, HasTheParametersOfTheCustomaryDecoder) {
  const std::int64_t decoder = double_conv(512 + 256, 256) + double_conv(256 + 128, 128) +
                               double_conv(128 + 64, 64) + double_conv(64 + 64, 32) + double_conv(32, 16);
  const NetworkSummary found = summary_of("unet", "full", 1, {{"encoder", "resnet34"}});
  EXPECT_EQ(found.trainable, kResNet34 + decoder + biased_conv(16, 1, 3));
  EXPECT_EQ(found.trainable, 24436369);
}

TEST(UNetOnAnEncoder, ReturnsToTheImageWhateverTheOutputStride) {
  for (const int stride : {8, 16, 32}) {
    const NetworkSummary found = summarise({.architecture = "unet",
                                            .size = "small",
                                            .image_height = 97,
                                            .image_width = 130,
                                            .params = {{"encoder", "resnet18"}, {"output_stride", stride}}});
    EXPECT_EQ(output_of(found, "decoder1.conv2.relu"),
              (Output{128 / std::min(stride, 16), 160 / std::min(stride, 16), 64}));
    EXPECT_EQ(output_of(found, "decoder5.conv2.relu"), (Output{128, 160, 16}));
    EXPECT_EQ(found.layers.back().output_shape, (Output{97, 130, 21}));
  }
}

// A mix transformer has no map at 1/2: that stage joins nothing.
TEST(UNetOnAnEncoder, GoesOnWithoutAMapThatIsMissing) {
  const NetworkSummary found = summary_of("unet", "full", 3, {{"encoder", "mit_b0"}});
  EXPECT_TRUE(has_row(found, "decoder3.concat"));
  EXPECT_FALSE(has_row(found, "decoder4.concat"));
  EXPECT_EQ(output_of(found, "decoder4.up"), (Output{64, 64, 64}));
}

}  // namespace
}  // namespace segbench::architectures
