// SPDX-License-Identifier: MIT
#include "architectures/graph/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

/// Tensors by name, and the weights that refer to them.
struct Stored {
  std::map<std::string, std::vector<float>> tensors;
  Weights weights() const {
    Weights found;
    for (const auto& [name, values] : tensors) found[name] = std::as_bytes(std::span(values));
    return found;
  }
};

// By hand, one pixel and one channel in: y = (w x + b - mean) / sqrt(variance + epsilon) scale + shift.
TEST(FoldBatchNorm, GivesTheSameFunction) {
  Graph graph({1, 1, 1});
  const Layers net(graph);
  net.batch_norm("bn", net.conv2d("conv", graph.input(), {.filters = 2, .kernel = 1}), {.epsilon = 1.0});
  const Stored stored{{{"conv.weight", {2, 3}},
                       {"conv.bias", {1, 1}},
                       {"bn.weight", {4, 5}},
                       {"bn.bias", {0.5, -0.5}},
                       {"bn.running_mean", {3, -1}},
                       {"bn.running_var", {3, 8}}}};
  const std::vector<PlannedStep> steps = plan(graph, {.fuse = true});
  ASSERT_EQ(steps.size(), 1U);
  const ConvolutionWeights folded = fold_batch_norm(graph, steps[0], stored.weights());
  EXPECT_THAT(folded.weight, ElementsAre(FloatNear(2 * 4 / 2.0F, 1e-6F), FloatNear(3 * 5 / 3.0F, 1e-6F)));
  EXPECT_THAT(folded.bias, ElementsAre(FloatNear((1 - 3) * 4 / 2.0F + 0.5F, 1e-6F),
                                       FloatNear((1 + 1) * 5 / 3.0F - 0.5F, 1e-6F)));
}

// A transposed convolution has its filters second; without bias and scale they are 0 and 1.
TEST(FoldBatchNorm, KnowsTheLayoutOfTransposedConvolutions) {
  Graph graph({2, 1, 1});
  const Layers net(graph);
  net.batch_norm(
      "bn",
      net.conv_transpose2d("up", graph.input(), {.filters = 2, .kernel = 1, .stride = 1, .bias = false}),
      {.epsilon = 0.25, .scale = false});
  const Stored stored{{{"up.weight", {1, 2, 3, 4}},  // [in, filters, 1, 1]
                       {"bn.bias", {0, 0}},
                       {"bn.running_mean", {1, 1}},
                       {"bn.running_var", {0, 2}}}};
  const ConvolutionWeights folded = fold_batch_norm(graph, plan(graph, {.fuse = true})[0], stored.weights());
  EXPECT_THAT(folded.weight, testing::Pointwise(testing::FloatEq(), {2.0F, 4 / 3.0F, 6.0F, 8 / 3.0F}));
  EXPECT_THAT(folded.bias, testing::Pointwise(testing::FloatEq(), {-2.0F, -2 / 3.0F}));
}

std::string error_of(const Weights& weights, const Node& node) {
  try {
    tensor_values(weights, node, "weight");
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(Weights, MissingAndMisshapenTensorsAreNamed) {
  Graph graph({1, 4, 4});
  const Layers net(graph);
  const Node& conv = graph.at(net.in("a").conv2d("conv", graph.input(), {.filters = 1}));
  EXPECT_THAT(error_of({}, conv), HasSubstr("no tensor a.conv.weight"));
  const Stored stored{{{"a.conv.weight", {1, 2}}}};
  EXPECT_THAT(error_of(stored.weights(), conv),
              HasSubstr("a.conv.weight has 8 bytes, but the network has 36"));
}

}  // namespace
}  // namespace segbench::architectures
