// SPDX-License-Identifier: MIT
// Every way in which LibTorch executes a network gives the logits of the eager one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "architectures/graph/fresh_weights.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/every_network.h"
#include "architectures/torch/engine.h"
#include "harness/core/error.h"
#include "tests/architectures/maps.h"

namespace segbench::architectures {
namespace {

using tests::relative_difference;
using tests::wavy_images;

class EveryEngine : public testing::TestWithParam<NetworkOptions> {};

INSTANTIATE_TEST_SUITE_P(Registry, EveryEngine, testing::ValuesIn(every_network()),
                         [](const auto& network) { return name_of(network.param); });

void expect_agreement(const NetworkOptions& options, std::int64_t count) {
  const Graph graph = build_graph(options);
  const FreshWeights fresh(graph, 1);
  const Maps x = wavy_images(count, graph.at(graph.input()).shape);
  const Maps expected = make_engine(graph, fresh.weights())->run(x);
  for (const Execution execution : {Execution::kPlan, Execution::kScript}) {
    for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
      const auto engine =
          make_engine(graph, fresh.weights(), {.execution = execution, .memory_format = format});
      EXPECT_LT(relative_difference(engine->run(x), expected), 1e-4) << engine->report().name;
    }
  }
}

TEST_P(EveryEngine, GivesTheLogitsOfTheEagerOne) {
  expect_agreement(GetParam(), 2);
}

TEST_P(EveryEngine, GivesThemAtOddSizes) {
  NetworkOptions options = GetParam();
  options.image_height = 71, options.image_width = 50;
  expect_agreement(options, 1);
}

TEST(Engine, TimesEveryIteration) {
  const Graph graph = build_graph({.architecture = "unet", .size = "small", .width = 0.125});
  const FreshWeights fresh(graph, 1);
  const auto engine = make_engine(graph, fresh.weights());
  const auto times = engine->measure(wavy_images(1, graph.at(graph.input()).shape), 3);
  ASSERT_EQ(times.size(), 3U);
  for (const StageTimes& time : times) {
    EXPECT_GT(time.forward, 0);
    EXPECT_GT(time.argmax.value_or(0), 0);
    EXPECT_EQ(time.to_device, 0) << "the images lie where the network reads them";
  }
}

TEST(Engine, TellsTheCauseOfAnErrorAlone) {
  const Graph graph = build_graph({.architecture = "unet", .size = "small", .width = 0.125});
  const FreshWeights fresh(graph, 1);
  Maps images = wavy_images(1, graph.at(graph.input()).shape);
  images.shape = {1, 3 * images.shape.height, images.shape.width};
  for (const Execution execution : {Execution::kPlan, Execution::kScript}) {
    const auto engine = make_engine(graph, fresh.weights(), {.execution = execution});
    try {
      engine->run(images);
      FAIL() << "it took images of one channel";
    } catch (const core::UserError& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("channels"), std::string::npos) << error.what();
    }
  }
}

TEST(Engine, ComputesInBfloat16) {
  const Graph graph = build_graph({.architecture = "pspnet", .size = "small", .width = 0.125});
  const FreshWeights fresh(graph, 1);
  const Maps x = wavy_images(1, graph.at(graph.input()).shape);
  const Maps expected = make_engine(graph, fresh.weights())->run(x);
  const double distance = relative_difference(
      make_engine(graph, fresh.weights(), {.precision = torch::kBFloat16})->run(x), expected);
  EXPECT_LT(distance, 0.1);
  EXPECT_GT(distance, 1e-6) << "it computed in float32";
}

}  // namespace
}  // namespace segbench::architectures
