// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "architectures/networks/architecture.h"
#include "architectures/networks/every_network.h"
#include "architectures/onnx/writer.h"
#include "architectures/torch/engine.h"
#include "harness/engines/opencv/opencv_engine.h"
#include "tests/architectures/maps.h"
#include "tests/onnx/random_weights.h"
#include "tests/support/temporary_folder.h"

// What another runtime makes of the file of every network: OpenCV's dnn against LibTorch, from the same
// weights.

namespace segbench::architectures {
namespace {

using engines::open_in_opencv;
using tests::RandomWeights;
using tests::relative_difference;
using tests::wavy_images;

/// OpenCV 4.6 reads the bounds of "Clip" from attributes alone, which are inputs since operator set 11. So a
/// ReLU6 is replaced by a ReLU, on both sides; all else of the networks that have it is compared.
Graph readable(Graph graph) {
  for (Node& node : graph.nodes()) {
    auto* activation = std::get_if<Activation>(&node.op);
    if (activation != nullptr && activation->function == Function::kRelu6)
      activation->function = Function::kRelu;
  }
  return graph;
}

/// OpenCV unpools one image at a time.
std::int64_t images_at_once(const Graph& graph) {
  const bool unpools = std::any_of(graph.nodes().begin(), graph.nodes().end(), [](const Node& node) {
    return std::holds_alternative<MaxUnpool>(node.op);
  });
  return unpools ? 1 : 2;
}

/// LibTorch's logits against those that OpenCV computes from the file, with batch normalisations folded and
/// not.
void expect_agreement(const Graph& graph, const Maps& x) {
  const segbench::tests::TemporaryFolder folder;
  const RandomWeights random(graph);
  const Maps expected = make_engine(graph, random.weights())->run(x);
  for (const bool fold : {true, false}) {
    const std::filesystem::path file = folder / "network.onnx";
    onnx::write_model(file, onnx::onnx_model(graph, random.weights(), {.batch = x.count, .fold = fold}));
    try {
      EXPECT_LT(relative_difference(open_in_opencv(file)->run(x), expected), 1e-4)
          << (fold ? "folded" : "not folded");
    } catch (const cv::Exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

class EveryNetwork : public testing::TestWithParam<NetworkOptions> {};

INSTANTIATE_TEST_SUITE_P(Registry, EveryNetwork, testing::ValuesIn(every_network()),
                         [](const auto& network) { return name_of(network.param); });

TEST_P(EveryNetwork, GivesTheSameLogitsInOpenCv) {
  const Graph graph = readable(build_graph(GetParam()));
  expect_agreement(graph, wavy_images(images_at_once(graph), graph.at(graph.input()).shape));
}

// Sizes that are no multiples: padding, crops, poolings and up-samplings that do not divide evenly.
TEST_P(EveryNetwork, GivesTheSameLogitsInOpenCvAtOddSizes) {
  NetworkOptions options = GetParam();
  options.image_height = 71, options.image_width = 50;
  const Graph graph = readable(build_graph(options));
  expect_agreement(graph, wavy_images(1, graph.at(graph.input()).shape));
}

/// A graph of one operation on an image.
template <typename Append>
Graph alone(const Append& append) {
  Graph graph({8, 10, 13});
  append(Layers(graph), graph.input());
  return graph;
}

// What no network has at these sizes, or at all.
TEST(Operation, GivesTheSameValuesInOpenCv) {
  const std::map<std::string, Graph> graphs = {
      {"hard sigmoid",
       alone([](const Layers& net, Value x) { net.activation("y", x, Function::kHardSigmoid); })},
      {"hard swish", alone([](const Layers& net, Value x) { net.activation("y", x, Function::kHardSwish); })},
      {"silu", alone([](const Layers& net, Value x) { net.activation("y", x, Function::kSilu); })},
      {"tanh", alone([](const Layers& net, Value x) { net.activation("y", x, Function::kTanh); })},
      {"gelu", alone([](const Layers& net, Value x) { net.activation("y", x, Function::kGelu); })},
      {"layer norm", alone([](const Layers& net, Value x) { net.layer_norm("y", x, {.epsilon = 0.1}); })},
      {"group norm", alone([](const Layers& net, Value x) { net.group_norm("y", x, {.groups = 4}); })},
      {"norm without scale",
       alone([](const Layers& net, Value x) { net.batch_norm("y", x, {.scale = false}); })},
      {"max pooling, same", alone([](const Layers& net, Value x) {
         net.max_pool("y", x, {.kernel = 3, .stride = 2, .padding = Padding::kSame});
       })},
      {"adaptive pooling", alone([](const Layers& net, Value x) { net.adaptive_avg_pool("y", x, 3); })},
      {"nearest", alone([](const Layers& net, Value x) { net.upsample("y", x, 3, Resize::kNearest); })},
      {"padding of the end", alone([](const Layers& net, Value x) { net.zero_pad_end("y", x, 2); })},
      {"one channel of weights", alone([](const Layers& net, Value x) {
         net.multiply("y", x, net.activation("w", net.conv2d("conv", x, {.filters = 1}), Function::kSigmoid));
       })},
      {"attention", alone([](const Layers& net, Value x) {
         const Value keys = net.conv2d("keys", x, {.filters = 8, .kernel = 2, .stride = 2});
         net.attention("y", x, keys, net.conv2d("values", keys, {.filters = 8, .kernel = 1}), 4);
       })},
  };
  for (const auto& [name, graph] : graphs) {
    SCOPED_TRACE(name);
    expect_agreement(graph, wavy_images(2, {8, 10, 13}));
  }
}

TEST(Engine, SaysWhatRuns) {
  const Graph graph = alone([](const Layers& net, Value x) { net.conv2d("conv", x, {.filters = 1}); });
  const EngineReport report = make_engine(graph, RandomWeights(graph).weights())->report();
  EXPECT_EQ(report.name, "eager");
  EXPECT_EQ(report.device, "cpu");
  EXPECT_FALSE(report.version.empty());
}

}  // namespace
}  // namespace segbench::architectures
