// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architectures/onnx/writer.h"
#include "harness/core/error.h"
#include "tests/support/temporary_folder.h"

namespace segbench::architectures::onnx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A message of what write_model() throws, or onnx_model(); "" for none.
template <typename Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(OnnxModel, NamesItsEnds) {
  Graph graph({3, 8, 6});
  const Layers net(graph);
  const Value x = net.relu("relu", graph.input());
  net.crop_like("crop", net.dropout("dropout", x, 0.5), graph.input());  // two layers that do nothing here
  const Model model = onnx_model(graph, {}, {.metadata = {{"key", "value"}}});
  ASSERT_EQ(model.calls.size(), 1U);
  EXPECT_EQ(model.calls[0].op, "Relu");
  EXPECT_THAT(model.calls[0].inputs, ElementsAre("image"));
  EXPECT_THAT(model.calls[0].outputs, ElementsAre("logits"));
  EXPECT_EQ(model.output.height, 8);
  EXPECT_EQ(model.metadata.at("key"), "value");
}

TEST(OnnxModel, OfNothingIsTheImage) {
  Graph graph({3, 8, 6});
  Layers(graph).dropout("dropout", graph.input(), 0.5);
  const Model model = onnx_model(graph, {});
  ASSERT_EQ(model.calls.size(), 1U);
  EXPECT_EQ(model.calls[0].op, "Identity");
}

// OpenCV 4.6, which runs all else (tests/onnx), does not read it.
TEST(OnnxModel, WritesReLU6AsAClip) {
  Graph graph({1, 4, 4});
  Layers(graph).activation("y", graph.input(), Function::kRelu6);
  const Model model = onnx_model(graph, {});
  ASSERT_EQ(model.calls.size(), 1U);
  EXPECT_EQ(model.calls[0].op, "Clip");
  EXPECT_THAT(model.calls[0].inputs, ElementsAre("image", "y/minimum", "y/maximum"));
  ASSERT_EQ(model.constants.size(), 2U);
  EXPECT_THAT(model.constants[0].floats, ElementsAre(0.0F));
  EXPECT_THAT(model.constants[1].floats, ElementsAre(6.0F));
  EXPECT_TRUE(model.constants[1].shape.empty());
}

// An unpooling takes the places from the pooling that its network has, and makes one where there is none.
TEST(OnnxModel, UnpoolsToWhereTheMaximaWere) {
  Graph graph({1, 4, 4});
  const Layers net(graph);
  const Value pooled = net.max_pool("pool", graph.input());
  net.max_unpool("unpool", pooled, graph.input());
  Model model = onnx_model(graph, {});
  ASSERT_EQ(model.calls.size(), 2U);
  EXPECT_THAT(model.calls[0].outputs, ElementsAre("pool/MaxPool", "pool/MaxPool_places"));
  EXPECT_THAT(model.calls[1].inputs, ElementsAre("pool/MaxPool", "pool/MaxPool_places"));

  Graph other({1, 4, 4});
  const Layers of_other(other);
  const Value averaged = of_other.avg_pool("pool", other.input());
  of_other.max_unpool("unpool", averaged, other.input());
  model = onnx_model(other, {});
  ASSERT_EQ(model.calls.size(), 3U);
  EXPECT_THAT(model.calls[2].inputs, ElementsAre("pool/AveragePool", "unpool/MaxPool_places"));
}

TEST(OnnxModel, WhatCannotBeSaidIsNamed) {
  Graph graph({1, 5, 4});
  const Layers net(graph);
  const Value pooled = net.max_pool("pool", graph.input());
  net.in("decoder").max_unpool("unpool", pooled, graph.input());
  EXPECT_THAT(
      error_of([&] { onnx_model(graph, {}); }),
      HasSubstr("layer decoder.unpool (max_unpool): ONNX unpools to whole windows of 2 x 2, but here to "
                "5 x 4 pixels"));
}

TEST(OnnxModel, NeedsItsWeights) {
  Graph graph({1, 4, 4});
  Layers(graph).conv2d("conv", graph.input(), {.filters = 1});
  EXPECT_THAT(error_of([&] { onnx_model(graph, {}); }), HasSubstr("no tensor conv.weight"));
}

TEST(OnnxFile, IsRefusedBeyondTwoGibibytes) {
  const segbench::tests::TemporaryFolder folder;
  const std::vector<std::byte> mebibyte(1 << 20);
  Model model{.name = "large",
              .input = {"image"},
              .output = {"logits"},
              .calls = {},
              .constants = {},
              .metadata = {}};
  for (int i = 0; i < 2048; ++i)
    model.constants.push_back({.name = "c", .shape = {1 << 18}, .view = mebibyte});
  EXPECT_THAT(error_of([&] { write_model(folder / "large.onnx", model); }),
              HasSubstr("large.onnx: an ONNX file has at most 2147483647 bytes"));
  EXPECT_FALSE(std::filesystem::exists(folder / "large.onnx"));
}

}  // namespace
}  // namespace segbench::architectures::onnx
