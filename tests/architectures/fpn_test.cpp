// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// segmentation_models.pytorch's FPN("resnet34", classes=1) has 23,155,393 parameters.
TEST(Fpn, HasTheParametersOfPyramidAndBranches) {
  std::int64_t pyramid = 0;
  for (const int channels : {64, 128, 256, 512}) pyramid += biased_conv(channels, 256, 1);
  // One convolution from each level; one more from 1/16 and two more from 1/32.
  const std::int64_t branches = 4 * conv_norm(256, 128, 3) + 3 * conv_norm(128, 128, 3);
  const NetworkSummary found = summary_of("fpn", "full", 1);
  EXPECT_EQ(found.trainable, kResNet34 + pyramid + branches + biased_conv(128, 1, 1));
  EXPECT_EQ(found.trainable, 23155393);
}

TEST(Fpn, BringsEveryLevelToAQuarterWhateverTheOutputStride) {
  for (const int stride : {8, 16, 32}) {
    const NetworkSummary found = summarise({.architecture = "fpn",
                                            .size = "full",
                                            .image_height = 65,
                                            .image_width = 90,
                                            .params = {{"output_stride", stride}}});
    EXPECT_EQ(output_of(found, "pyramid.level5.lateral"), (Output{96 / stride, 96 / stride, 256}));
    EXPECT_EQ(output_of(found, "branch5.step3.norm")[2], 128);
    EXPECT_EQ(output_of(found, "branch5.sum"), (Output{24, 24, 128}));
    EXPECT_EQ(found.layers.back().output_shape, (Output{65, 90, 21}));
  }
}

}  // namespace
}  // namespace segbench::architectures
