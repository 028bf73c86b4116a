// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// segmentation_models.pytorch's PAN("resnet34", classes=1) has 21,475,816 parameters.
TEST(Pan, HasThePyramidAndThreeUpSamplings) {
  const auto block = [](std::int64_t in, std::int64_t out, std::int64_t kernel) {
    return biased_conv(in, out, kernel) + norm(out);
  };
  const std::int64_t pyramid = 2 * block(512, 32, 1) + block(512, 1, 7) + block(1, 1, 5) +
                               2 * block(1, 1, 3) + block(1, 1, 5) + block(1, 1, 7);
  std::int64_t ups = 0;
  for (const int channels : {256, 128, 64}) ups += block(channels, 32, 3) + block(32, 32, 1);
  const NetworkSummary found = summary_of("pan", "full", 1);
  EXPECT_EQ(found.trainable, kResNet34 + pyramid + ups + biased_conv(32, 1, 3));
  EXPECT_EQ(found.trainable, 21475816);
}

TEST(Pan, HasAPyramidOnSmallImagesToo) {
  const NetworkSummary found =
      summarise({.architecture = "pan", .size = "full", .image_height = 33, .image_width = 32});
  EXPECT_EQ(output_of(found, "pyramid.point.relu"), (Output{4, 2, 32}));
  EXPECT_EQ(output_of(found, "pyramid.down3b.relu"), (Output{1, 1, 1}));
  EXPECT_EQ(output_of(found, "pyramid.weighted"), (Output{4, 2, 32}));
  EXPECT_EQ(output_of(found, "up2.sum"), (Output{16, 8, 32}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{33, 32, 21}));
}

}  // namespace
}  // namespace segbench::architectures
