// SPDX-License-Identifier: MIT
#include "architectures/networks/cost.h"

#include <gtest/gtest.h>

#include "architectures/networks/architecture.h"

namespace segbench::architectures {
namespace {

TEST(Cost, OfAConvolutionIsWhatItsFormulaSays) {
  Graph graph({3, 10, 8});
  const Layers net(graph);
  net.relu(net.conv2d("conv", graph.input(), {.filters = 16, .kernel = 3}));
  const std::vector<LayerCost> costs = layer_costs(graph);
  ASSERT_EQ(costs.size(), 1U) << "the ReLU belongs to its convolution";
  EXPECT_EQ(costs[0].macs, 10 * 8 * 16 * 3 * 9);
  EXPECT_EQ(costs[0].weights, 16 * 3 * 9 + 16);
  EXPECT_EQ(costs[0].values_read, 3 * 80);
  EXPECT_EQ(costs[0].values_made, 16 * 80);
  EXPECT_EQ(moved_bytes(costs[0], 2, 4), 4 * (448 + 2 * (240 + 1280)));
  EXPECT_DOUBLE_EQ(arithmetic_intensity(costs[0], 2, 4), 2.0 * 2 * 34560 / (4 * 3488));
}

TEST(Cost, AddsUpToTheNetworks) {
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    for (const std::string& size : sizes_of(spec->name)) {
      const NetworkOptions options{.architecture = spec->name, .size = size, .width = 0.125};
      const NetworkSummary summary = summarise(options);
      std::int64_t macs = 0, weights = 0;
      for (const LayerCost& cost : layer_costs(build_graph(options)))
        macs += cost.macs, weights += cost.weights;
      EXPECT_EQ(macs, summary.macs) << spec->name << " " << size;
      EXPECT_EQ(weights, summary.parameters()) << spec->name << " " << size;
    }
  }
}

}  // namespace
}  // namespace segbench::architectures
