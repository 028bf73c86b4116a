// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

TEST(UPerNet, HasPyramidsOfAveragesAndOfFeatures) {
  const std::int64_t pooling = 4 * conv_norm(512, 512, 1) + conv_norm(5 * 512, 512, 3);
  std::int64_t levels = 0;
  for (const int channels : {256, 128, 64}) levels += conv_norm(channels, 512, 1) + conv_norm(512, 512, 3);
  const NetworkSummary found = summary_of("upernet", "full", 21);
  EXPECT_EQ(found.trainable,
            kResNet34 + pooling + levels + conv_norm(4 * 512, 512, 3) + biased_conv(512, 21, 1));
}

TEST(UPerNet, FusesAtAQuarter) {
  const NetworkSummary found =
      summarise({.architecture = "upernet", .size = "small", .image_height = 65, .image_width = 90});
  EXPECT_EQ(output_of(found, "pooling.concat"), (Output{3, 3, 512 + 4 * 128}));
  EXPECT_EQ(output_of(found, "concat"), (Output{24, 24, 4 * 128}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{65, 90, 21}));
}

}  // namespace
}  // namespace segbench::architectures
