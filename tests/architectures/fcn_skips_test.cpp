// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// Table 1 of the paper gives FCN-VGG16 134 million parameters.
TEST(FcnSkips, AreVggWithItsClassifierAsConvolutions) {
  const std::int64_t classifier = biased_conv(512, 4096, 7) + biased_conv(4096, 4096, 1);
  const std::int64_t scores = biased_conv(4096, 21, 1);
  EXPECT_EQ(summary_of("fcn32s", "full", 21).trainable, kVgg16 + classifier + scores);
  EXPECT_EQ((kVgg16 + classifier) / 1000000, 134);
  EXPECT_EQ(summary_of("fcn16s", "full", 21).trainable,
            kVgg16 + classifier + scores + biased_conv(512, 21, 1));
  EXPECT_EQ(summary_of("fcn8s", "full", 21).trainable,
            kVgg16 + classifier + scores + 2 * biased_conv(512, 21, 1));
}

TEST(FcnSkips, ScoreAResidualEncoderDirectly) {
  const NetworkSummary found =
      summary_of("fcn8s", "full", 21, {{"encoder", "resnet34"}, {"fully_connected", false}});
  EXPECT_EQ(found.trainable,
            kResNet34 + biased_conv(512, 21, 1) + biased_conv(256, 21, 1) + biased_conv(128, 21, 1));
  EXPECT_FALSE(has_row(found, "fc6"));
}

TEST(FcnSkips, AddTheirScoresUpToTheFinestMap) {
  const NetworkOptions options{
      .architecture = "fcn8s", .size = "small", .num_outputs = 2, .image_height = 100, .image_width = 31};
  NetworkOptions thirty_two = options;
  thirty_two.image_width = 32;
  const NetworkSummary found = summarise(thirty_two);
  EXPECT_EQ(output_of(found, "score32"), (Output{4, 1, 2}));
  EXPECT_EQ(output_of(found, "sum16"), (Output{8, 2, 2}));
  EXPECT_EQ(output_of(found, "sum8"), (Output{16, 4, 2}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{100, 32, 2}));
  thirty_two.architecture = "fcn32s";
  EXPECT_FALSE(has_row(summarise(thirty_two), "score16"));
  EXPECT_ANY_THROW(summarise(options)) << "31 pixels cannot be halved five times";
}

}  // namespace
}  // namespace segbench::architectures
