// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "harness/core/error.h"
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// The paper's table 2: 29.45 million parameters (with CamVid's 11 classes and void).
TEST(SegNet, MirrorsVgg) {
  const auto block = [](std::int64_t in, std::int64_t out) { return biased_conv(in, out, 3) + norm(out); };
  const std::int64_t decoder = 3 * block(512, 512) + 2 * block(512, 512) + block(512, 256) +
                               2 * block(256, 256) + block(256, 128) + block(128, 128) + block(128, 64) +
                               block(64, 64);
  const NetworkSummary found = summary_of("segnet", "full", 12);
  EXPECT_EQ(found.trainable, kVgg16BatchNorm + decoder + biased_conv(64, 12, 3));
  EXPECT_EQ((found.trainable + 5000) / 10000, 2945);
}

TEST(SegNet, UndoesEveryPooling) {
  const NetworkSummary found =
      summarise({.architecture = "segnet", .size = "small", .image_height = 65, .image_width = 90});
  EXPECT_EQ(output_of(found, "decoder1.unpool"), (Output{6, 6, 512}));
  EXPECT_EQ(output_of(found, "decoder3.unpool"), (Output{24, 24, 256}));
  EXPECT_EQ(output_of(found, "decoder5.unpool"), (Output{96, 96, 64}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{65, 90, 21}));
}

TEST(SegNet, RefusesEncodersWithoutFivePoolings) {
  const auto error_with = [](const core::Json& params) -> std::string {
    try {
      summary_of("segnet", "full", 2, params);
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(error_with({{"encoder", "resnet34"}}), testing::HasSubstr("must be one of vgg16, vgg16_bn"));
  EXPECT_NE(error_with({{"output_stride", 16}}), "");
  EXPECT_EQ(error_with({{"encoder", "vgg16"}}), "");
}

}  // namespace
}  // namespace segbench::architectures
