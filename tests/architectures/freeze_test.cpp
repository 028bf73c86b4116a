// SPDX-License-Identifier: MIT
#include "architectures/graph/freeze.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Graph small_network(const std::string& encoder = "encoder") {
  Graph graph({3, 8, 8});
  const Layers net(graph), below = net.in(encoder);
  Value x = below.batch_norm("bn", below.conv2d("conv", graph.input(), {.filters = 4}), {});
  x = net.batch_norm("bn", x, {});
  net.conv2d("head", x, {.filters = 2});
  return graph;
}

std::vector<std::string> frozen_tensors(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes()) {
    for (const TensorSpec& tensor : node.tensors) {
      if (tensor.frozen) names.push_back(node.name + "." + tensor.name);
    }
  }
  return names;
}

std::vector<std::string> frozen_norms(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes()) {
    if (node.is_frozen) names.push_back(node.name);
  }
  return names;
}

Graph frozen(const core::Json& freeze) {
  Graph graph = small_network();
  apply_freeze(graph, freeze);
  return graph;
}

std::string error_of(Graph graph, const core::Json& freeze) {
  try {
    apply_freeze(graph, freeze);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(Freeze, NothingByDefault) {
  EXPECT_THAT(frozen_tensors(frozen(nullptr)), IsEmpty());
  EXPECT_THAT(frozen_norms(frozen(nullptr)), IsEmpty());
}

TEST(Freeze, TheEncoderWithOrWithoutItsBatchNorms) {
  const Graph whole = frozen("encoder");
  EXPECT_THAT(frozen_tensors(whole), ElementsAre("encoder.conv.weight", "encoder.conv.bias",
                                                 "encoder.bn.weight", "encoder.bn.bias"));
  EXPECT_THAT(frozen_norms(whole), ElementsAre("encoder.bn"));
  const Graph convolutions = frozen("encoder_but_batch_norm");
  EXPECT_THAT(frozen_tensors(convolutions), ElementsAre("encoder.conv.weight", "encoder.conv.bias"));
  EXPECT_THAT(frozen_norms(convolutions), IsEmpty());
}

TEST(Freeze, ByPatterns) {
  const Graph weights = frozen({"*.weight"});
  EXPECT_THAT(frozen_tensors(weights),
              ElementsAre("encoder.conv.weight", "encoder.bn.weight", "bn.weight", "head.weight"));
  EXPECT_THAT(frozen_norms(weights), IsEmpty()) << "their biases still learn";
  const Graph norms = frozen({"bn.*", "encoder.bn.weight", "encoder.bn.bias"});
  EXPECT_THAT(frozen_norms(norms), ElementsAre("encoder.bn", "bn"));
}

TEST(Freeze, ExplainsWhatItCannotDo) {
  EXPECT_THAT(error_of(small_network(), "decoder"), HasSubstr("must be \"encoder\""));
  EXPECT_THAT(error_of(small_network(), {"head.*", "hed.*"}),
              HasSubstr("the pattern \"hed.*\" matches no tensor"));
  EXPECT_THAT(error_of(small_network("down"), "encoder"), HasSubstr("no layer below"));
  EXPECT_THAT(error_of(small_network(), {1}), HasSubstr("but is [1]"));
}

}  // namespace
}  // namespace segbench::architectures
