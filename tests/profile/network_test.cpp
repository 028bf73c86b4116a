// SPDX-License-Identifier: MIT
#include "harness/profile/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "tests/support/temporary_folder.h"

namespace segbench::profile {
namespace {

using testing::HasSubstr;

Network found(const std::string& text) {
  return find_network(text, 0.5, "64x64", {}, "/no/runs");
}

std::string problem(const std::string& text) {
  try {
    describe_cost(found(text));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(Models, MayHaveParameters) {
  const Network network = found("deeplabv3:full:encoder=mobilenet_v2:output_stride=16");
  EXPECT_EQ(network.label, "deeplabv3 full mobilenet_v2 16 ×0.5");
  EXPECT_EQ(network.options->params, core::Json({{"encoder", "mobilenet_v2"}, {"output_stride", 16}}));
  const auto macs = [](const std::string& text) {
    return describe_cost(found(text)).at("macs").get<double>();
  };
  EXPECT_LT(macs("deeplabv3:full:encoder=mobilenet_v2"), macs("deeplabv3:full") / 2) << "of ResNet-50";
}

TEST(Models, WithOtherParametersAreRefused) {
  EXPECT_THAT(problem("unet:small:encoder"), HasSubstr("\"encoder\" of unet:small:encoder is no parameter"));
  EXPECT_THAT(problem("unet:small:encoder=vgg99"), HasSubstr("profile.models: unet:small:encoder=vgg99: "));
  EXPECT_THAT(problem("unet:small:encodr=vgg16"), HasSubstr("has no parameter \"encodr\""));
  EXPECT_THAT(problem("unett:small"), HasSubstr("did you mean \"unet\"?"));
  EXPECT_THAT(problem("foo:small"), HasSubstr("known architectures: attention_unet, "));
}

}  // namespace
}  // namespace segbench::profile
