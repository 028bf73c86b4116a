// SPDX-License-Identifier: MIT
#include "harness/core/error.h"
#include "harness/core/part.h"
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;
using Output = std::array<std::int64_t, 3>;

// The paper's section 3.2: each of the four levels gets a quarter of the 2048 channels, 512 after the
// pyramid.
TEST(PspnetOnAnEncoder, HasThePapersPyramid) {
  const std::int64_t decoder =
      4 * conv_norm(2048, 512, 1) + conv_norm(2 * 2048, 512, 3) + biased_conv(512, 21, 1);
  const NetworkSummary found = summary_of("pspnet", "full", 21, {{"encoder", "resnet50"}});
  EXPECT_EQ(found.trainable, kResNet50 + decoder);
  EXPECT_EQ(output_of(found, "concat"), (Output{16, 16, 4096})) << "1/8 of 128 pixels";
}

TEST(PspnetOnAnEncoder, TakesOtherStridesAndSizes) {
  const NetworkSummary found = summarise({.architecture = "pspnet",
                                          .size = "small",
                                          .image_height = 65,
                                          .image_width = 33,
                                          .params = {{"encoder", "resnet18"}, {"output_stride", 32}}});
  EXPECT_EQ(output_of(found, "fuse.relu"), (Output{3, 2, 128}));
  EXPECT_EQ(found.layers.back().output_shape, (Output{65, 33, 21}));
}

TEST(PspnetOnAnEncoder, IsNotThePublishedNetwork) {
  const core::Json model = {
      {"architecture", "pspnet"}, {"size", "published"}, {"params", {{"encoder", "resnet50"}}}};
  const core::Json variant = {{"model", model}, {"data", {{"resolution", {128, 128}}}}};
  const core::PartSpec& part = core::PartRegistry::instance().get(core::PartKind::kArchitecture, "pspnet");
  const std::vector<core::PartProblem> problems = part.check(model.at("params"), variant);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, "model.encoder");
  EXPECT_THROW(summary_of("pspnet", "published", 21, {{"encoder", "resnet50"}}), core::UserError);
}

}  // namespace
}  // namespace segbench::architectures
