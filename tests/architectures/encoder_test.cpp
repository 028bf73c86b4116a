// SPDX-License-Identifier: MIT
#include "architectures/encoders/encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using testing::HasSubstr;

EncoderGraph built(const std::string& name, const Shape& image, int output_stride = 32, double width = 1) {
  return encoder_graph(name, image, width, output_stride);
}

std::int64_t parameters(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Node& node : graph.nodes()) {
    for (const TensorSpec& tensor : node.tensors) sum += tensor.trainable ? tensor.numel() : 0;
  }
  return sum;
}

TEST(EveryEncoder, HalvesTheImageFiveTimes) {
  for (const std::string& name : encoder_names()) {
    SCOPED_TRACE(name);
    const EncoderGraph b = built(name, {3, 64, 96});
    ASSERT_EQ(b.features.maps.size(), 5U);
    for (std::size_t i = exists(b.features.maps[0]) ? 0 : 1; i < 5; ++i) {
      const Shape& shape = b.graph.at(b.features.maps[i]).shape;
      EXPECT_EQ(shape.height, 64 >> (i + 1));
      EXPECT_EQ(shape.width, 96 >> (i + 1));
    }
    EXPECT_EQ(b.features.last(), b.features.maps[4]);
  }
}

// Dilation replaces stride: the maps are finer, the tensors the same.
TEST(EveryEncoder, StopsHalvingAtItsOutputStride) {
  for (const std::string& name : encoder_names()) {
    if (!encoder(name).dilatable) continue;
    const EncoderGraph plain = built(name, {3, 64, 64});
    for (const int stride : {8, 16}) {
      SCOPED_TRACE(name + " at " + std::to_string(stride));
      const EncoderGraph b = built(name, {3, 64, 64}, stride);
      for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(b.graph.at(b.features.maps[i]).shape.height, 64 / std::min(2 << i, stride));
      }
      EXPECT_EQ(parameters(b.graph), parameters(plain.graph));
    }
  }
}

TEST(EveryEncoder, NamesItsLayersBelowEncoderAndScalesThem) {
  for (const std::string& name : encoder_names()) {
    SCOPED_TRACE(name);
    const EncoderGraph whole = built(name, {3, 64, 64}), half = built(name, {3, 64, 64}, 32, 0.5);
    for (const Node& node : whole.graph.nodes()) {
      EXPECT_TRUE(node.name == "input" || node.name.starts_with("encoder.")) << node.name;
    }
    EXPECT_LT(parameters(half.graph), parameters(whole.graph) / 2);
    EXPECT_NO_THROW(built(name, {5, 64, 64}, 32, 1e-9));
  }
}

// Parameters of torchvision 0.14.1's networks without their classifiers (sum of numel() over parameters());
// those of resnet50 and vgg16 stand in oracles/params/torchvision_counts.json too.
TEST(Encoders, HaveTorchvisionsParameters) {
  const std::vector<std::pair<std::string, std::int64_t>> expected = {
      {"resnet18", 11176512},       {"resnet34", 21284672},        {"resnet50", 23508032},
      {"resnet101", 42500160},      {"resnext50_32x4d", 22979904}, {"vgg16", 14714688},
      {"vgg16_bn", 14723136},       {"mobilenet_v2", 2223872},     {"mobilenet_v3_large", 2971952},
      {"efficientnet_b0", 4007548},
  };
  for (const auto& [name, count] : expected)
    EXPECT_EQ(parameters(built(name, {3, 64, 64}).graph), count) << name;
}

TEST(Encoders, AreFoundByName) {
  EXPECT_THAT(encoder_names(), testing::Contains("resnet50"));
  try {
    encoder("resnet5");
    FAIL();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("unknown encoder \"resnet5\"; known encoders: "));
    EXPECT_THAT(error.what(), HasSubstr("did you mean"));
  }
}

core::PartSpec spec_with(const core::Json& default_encoder) {
  return {
      .kind = core::PartKind::kArchitecture, .name = "net", .params = encoder_params(default_encoder, 32)};
}

std::string first_problem(const core::Json& default_encoder, const core::Json& given) {
  const core::PartSpec spec = spec_with(default_encoder);
  const auto problems = encoder_problems(spec, core::with_defaults(spec, given));
  return problems.empty() ? "" : problems[0].key + ": " + problems[0].message;
}

TEST(EncoderParams, AreCheckedTogether) {
  EXPECT_EQ(first_problem(core::Json(), core::Json::object()), "");
  EXPECT_EQ(first_problem("resnet50", {{"output_stride", 8}}), "");
  EXPECT_EQ(first_problem("resnet50", {{"output_stride", 12}}),
            "model.output_stride: must be 8, 16 or 32 with encoder resnet50, but is 12");
  EXPECT_EQ(first_problem(core::Json(), {{"output_stride", 8}}),
            "model.output_stride: must not be set (it is 8), since net has no encoder set");
  EXPECT_THAT(first_problem("resnet50", {{"encoder_drop_path", 0.1}}), HasSubstr("has no stochastic depth"));
  const core::ParamSpec encoder_param = spec_with("resnet50").params[0];
  EXPECT_THAT(core::check_param(encoder_param, "resnet_50").value_or(""),
              HasSubstr("did you mean \"resnet50\""));
}

}  // namespace
}  // namespace segbench::architectures
