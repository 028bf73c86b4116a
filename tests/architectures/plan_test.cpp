// SPDX-License-Identifier: MIT
#include "architectures/graph/plan.h"

#include <gtest/gtest.h>

#include <string>

#include "architectures/networks/architecture.h"

namespace segbench::architectures {
namespace {

TEST(Plan, TakesZeroPaddingIntoItsConvolution) {
  Graph graph({3, 8, 8});
  const Layers net(graph);
  const Value padded = net.zero_pad("pad", graph.input(), 2);
  net.conv2d("conv", padded, {.filters = 2, .kernel = 5, .padding = Padding::kValid});
  const std::vector<PlannedStep> steps = plan(graph);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].zero_padding, 2);
  EXPECT_EQ(steps[0].inputs, std::vector<int>{0});
}

TEST(Plan, LeavesPaddingOfTheEndAloneAStep) {
  Graph graph({1, 2, 2});
  const Layers net(graph);
  const Value padded = net.zero_pad_end("pad", graph.input(), 1);
  EXPECT_EQ(net.shape(padded), (Shape{1, 3, 3}));
  net.conv2d("conv", padded, {.filters = 1, .padding = Padding::kValid});
  EXPECT_EQ(plan(graph).size(), 2U);
}

TEST(Plan, ReleasesEveryValueAfterItsLastReader) {
  Graph graph({3, 8, 8});
  const Layers net(graph);
  const Value a = net.conv2d("a", graph.input(), {.filters = 2});
  const Value b = net.conv2d("b", a, {.filters = 2});
  net.concat("c", {a, b});
  const std::vector<PlannedStep> steps = plan(graph);
  EXPECT_EQ(steps[0].release, std::vector<int>{0});
  EXPECT_TRUE(steps[1].release.empty());
  EXPECT_EQ(steps[2].release.size(), 2U);
}

TEST(Plan, WorksInPlaceOnlyWhereABackwardPassAllowsIt) {
  Graph graph({3, 8, 8});
  const Layers net(graph);
  const Value a = net.conv2d("a", graph.input(), {.filters = 2});
  const Value b = net.relu("of_conv", a);
  const Value c = net.activation("silu", net.conv2d("c", b, {.filters = 2}), Function::kSilu);
  net.relu("of_silu", c);
  for (const PlannedStep& step : plan(graph))
    EXPECT_EQ(step.in_place, graph.at({step.node}).name == "of_conv") << graph.at({step.node}).name;
}

/// conv, batch normalisation, ReLU; then a convolution whose output is read twice.
Graph with_norms() {
  Graph graph({3, 8, 8});
  const Layers net(graph);
  Value x = net.conv2d("conv", graph.input(), {.filters = 2, .bias = false});
  x = net.relu("relu", net.batch_norm("bn", x, {}));
  const Value read_twice = net.conv2d("conv2", x, {.filters = 2});
  net.add("sum", net.batch_norm("bn2", read_twice, {}), read_twice);
  return graph;
}

TEST(Plan, FusesWhatFollowsAConvolutionWhenAsked) {
  const Graph graph = with_norms();
  ASSERT_EQ(plan(graph).size(), 6U);
  const std::vector<PlannedStep> steps = plan(graph, {.fuse = true});
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(graph.at({steps[0].node}).name, "conv");
  ASSERT_TRUE(steps[0].batch_norm);
  EXPECT_EQ(graph.at({*steps[0].batch_norm}).name, "bn");
  EXPECT_EQ(steps[0].activation, Function::kRelu);
  EXPECT_EQ(graph.at({steps[0].output}).name, "relu");
  EXPECT_EQ(steps[1].inputs, std::vector<int>{steps[0].output});
  EXPECT_FALSE(steps[1].batch_norm) << "its output is read by the addition too";
}

TEST(Plan, CountsTheValuesAliveAtOnce) {
  const Graph graph = with_norms();
  // The most is needed at the first convolution: its three input channels and its two output channels.
  EXPECT_EQ(peak_values(graph, plan(graph)), (3 + 2) * 64);
  EXPECT_EQ(peak_values(graph, plan(graph, {.fuse = true})), (3 + 2) * 64);
}

TEST(Plan, CountsDropoutsAndCropsAsNoMemory) {
  Graph graph({1, 5, 8});
  const Layers net(graph);
  const Value padded = net.pad_to_multiple("pad", graph.input(), 8);
  net.crop_like("crop", net.dropout("dropout", padded, 0.5), graph.input());
  EXPECT_EQ(peak_values(graph, plan(graph)), 5 * 8 + 8 * 8);
}

// Whatever the network: every value is made before it is read, read before it is released, and all but the
// last are released.
TEST(Plan, OrdersEveryNetworkSoundly) {
  for (const core::PartSpec* part : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    for (const std::string& size : sizes_of(part->name)) {
      const Graph graph = build_graph({.architecture = part->name, .size = size, .width = 0.125});
      for (const bool fuse : {false, true}) {
        std::vector<bool> alive(graph.nodes().size(), false);
        alive[0] = true;
        for (const PlannedStep& step : plan(graph, {.fuse = fuse})) {
          for (const int input : step.inputs)
            EXPECT_TRUE(alive[static_cast<std::size_t>(input)])
                << part->name << " " << graph.at({input}).name;
          for (const int dead : step.release) alive[static_cast<std::size_t>(dead)] = false;
          alive[static_cast<std::size_t>(step.output)] = true;
        }
        std::vector<bool> expected(graph.nodes().size(), false);
        expected.back() = true;
        EXPECT_EQ(alive, expected) << part->name << " " << size;
      }
    }
  }
}

}  // namespace
}  // namespace segbench::architectures
