// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/onednn_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <map>
#include <string>

#include "architectures/networks/architecture.h"
#include "architectures/networks/every_network.h"
#include "harness/core/error.h"
#include "harness/engines/onednn/fusion.h"
#include "tests/architectures/maps.h"
#include "tests/onednn/plain_network.h"
#include "tests/onnx/random_weights.h"

// oneDNN's logits against those of loops over the definitions of the operations, from the same weights.

namespace segbench::engines {
namespace {

using architectures::Function;
using architectures::Graph;
using architectures::Layers;
using architectures::Maps;
using architectures::NetworkOptions;
using architectures::Padding;
using architectures::Resize;
using architectures::Shape;
using architectures::Value;
using architectures::tests::RandomWeights;
using architectures::tests::relative_difference;
using architectures::tests::run_plainly;
using architectures::tests::wavy_images;

constexpr double kClose = 1e-4;

/// Both engines twice: what a first run leaves in memory must not show in a second one. One thread: more of
/// them wait for each other where tests run side by side.
void expect_agreement(const Graph& graph, std::int64_t count, int threads = 1) {
  omp_set_num_threads(threads);
  const RandomWeights random(graph);
  const Maps x = wavy_images(count, graph.at(graph.input()).shape);
  const Maps expected = run_plainly(graph, random.weights(), x);
  for (const bool winograd : {false, true}) {
    const auto engine = make_onednn_engine(graph, random.weights(), count, {.winograd = winograd});
    EXPECT_LT(relative_difference(engine->run(x), expected), kClose) << engine->report().name;
    EXPECT_LT(relative_difference(engine->run(x), expected), kClose)
        << engine->report().name << ", run again";
  }
}

class EveryNetwork : public testing::TestWithParam<NetworkOptions> {};

INSTANTIATE_TEST_SUITE_P(Registry, EveryNetwork, testing::ValuesIn(architectures::every_network()),
                         [](const auto& network) { return architectures::name_of(network.param); });

TEST_P(EveryNetwork, GivesTheSameLogitsInOneDnn) {
  expect_agreement(architectures::build_graph(GetParam()), 1);
}

// Sizes that are no multiples: padding, crops, poolings and up-samplings that do not divide evenly.
TEST_P(EveryNetwork, GivesTheSameLogitsInOneDnnAtOddSizes) {
  NetworkOptions options = GetParam();
  options.image_height = 71, options.image_width = 50;
  expect_agreement(architectures::build_graph(options), 1);
}

/// A graph of one operation on an image of 24 channels: one block of 16, and a half, or three of eight.
template <typename Append>
Graph alone(const Append& append) {
  Graph graph({24, 10, 13});
  append(Layers(graph), graph.input());
  return graph;
}

/// The same behind a convolution, so that it reads blocks.
template <typename Append>
Graph behind_convolution(const Append& append) {
  Graph graph({3, 10, 13});
  const Layers net(graph);
  append(net, net.conv2d("before", graph.input(), {.filters = 24}));
  return graph;
}

TEST(OneDnn, GivesTheValuesOfEveryOperation) {
  using Append = std::function<void(const Layers&, Value)>;
  std::map<std::string, Append> operations = {
      {"batch norm", [](const Layers& net, Value x) { net.relu("z", net.batch_norm("y", x, {})); }},
      {"norm without scale", [](const Layers& net, Value x) { net.batch_norm("y", x, {.scale = false}); }},
      {"layer norm", [](const Layers& net, Value x) { net.layer_norm("y", x, {.epsilon = 0.1}); }},
      {"group norm", [](const Layers& net, Value x) { net.group_norm("y", x, {.groups = 4}); }},
      {"group norm of many", [](const Layers& net, Value x) { net.group_norm("y", x, {.groups = 24}); }},
      {"max pooling, same",
       [](const Layers& net, Value x) {
         net.max_pool("y", x, {.kernel = 3, .stride = 2, .padding = Padding::kSame});
       }},
      {"max pooling, PyTorch's",
       [](const Layers& net, Value x) {
         net.max_pool("y", x, {.kernel = 3, .stride = 2, .padding = Padding::kTorch});
       }},
      {"mean pooling, same",
       [](const Layers& net, Value x) {
         net.avg_pool("y", x, {.kernel = 3, .stride = 2, .padding = Padding::kSame});
       }},
      {"pyramid pooling", [](const Layers& net, Value x) { net.pyramid_avg_pool("y", x, 3); }},
      {"adaptive pooling", [](const Layers& net, Value x) { net.adaptive_avg_pool("y", x, 3); }},
      {"unpooling", [](const Layers& net, Value x) { net.max_unpool("z", net.max_pool("y", x), x); }},
      {"nearest", [](const Layers& net, Value x) { net.upsample("y", x, 3, Resize::kNearest); }},
      {"bilinear", [](const Layers& net, Value x) { net.upsample("y", x, 3, Resize::kBilinear); }},
      {"to a size, nearest",
       [](const Layers& net, Value x) {
         net.upsample_like("z", net.max_pool("y", x, {.kernel = 3, .stride = 3}), x, Resize::kNearest);
       }},
      {"to a size, bilinear",
       [](const Layers& net, Value x) {
         net.upsample_like("z", net.max_pool("y", x, {.kernel = 3, .stride = 3}), x, Resize::kBilinear);
       }},
      {"padding of the end", [](const Layers& net, Value x) { net.zero_pad_end("y", x, 2); }},
      {"padding of a pooling",
       [](const Layers& net, Value x) { net.max_pool("z", net.zero_pad("y", x, 1)); }},
      {"padding of a convolution",
       [](const Layers& net, Value x) {
         net.conv2d("z", net.zero_pad("y", x, 2),
                    {.filters = 5, .kernel = 5, .stride = 2, .padding = Padding::kValid});
       }},
      {"to a multiple", [](const Layers& net, Value x) { net.pad_to_multiple("y", x, 8); }},
      {"crop", [](const Layers& net, Value x) { net.crop_like("z", x, net.max_pool("y", x)); }},
      {"addition",
       [](const Layers& net, Value x) {
         net.relu("z", net.add("y", x,
                               net.max_pool("p", x, {.kernel = 3, .stride = 1, .padding = Padding::kSame})));
       }},
      {"weights by channel",
       [](const Layers& net, Value x) {
         net.multiply("y", x, net.activation("w", net.adaptive_avg_pool("p", x, 1), Function::kSigmoid));
       }},
      {"weights by pixel",
       [](const Layers& net, Value x) {
         net.multiply("y", x, net.activation("w", net.conv2d("c", x, {.filters = 1}), Function::kSigmoid));
       }},
      {"weights by value",
       [](const Layers& net, Value x) { net.multiply("y", x, net.activation("w", x, Function::kTanh)); }},
      {"concatenation of uneven parts",
       [](const Layers& net, Value x) {
         net.concat("y", {net.conv2d("a", x, {.filters = 5}), x, net.conv2d("b", x, {.filters = 16})});
       }},
      {"concatenation of full parts",
       [](const Layers& net, Value x) {
         const Value a = net.conv2d("a", x, {.filters = 32}), b = net.conv2d("b", a, {.filters = 16});
         net.concat("y", {a, b, x});
       }},
      {"concatenation within another, twice the same",
       [](const Layers& net, Value x) {
         const Value a = net.conv2d("a", x, {.filters = 32}), b = net.conv2d("b", a, {.filters = 16});
         const Value inner = net.concat("c", {a, b});
         net.concat("y", {b, inner, b, inner, net.conv2d("d", inner, {.filters = 3})});
       }},
      {"concatenation, then an addition to a part",
       [](const Layers& net, Value x) {
         const Value a = net.conv2d("a", x, {.filters = 32}), b = net.conv2d("b", a, {.filters = 32});
         const Value joined = net.concat("c", {a, b}), d = net.conv2d("d", joined, {.filters = 32});
         net.concat("y", {net.add("e", d, b), net.activation("t", a, Function::kTanh), joined});
       }},
      {"attention",
       [](const Layers& net, Value x) {
         const Value keys = net.conv2d("keys", x, {.filters = 24, .kernel = 2, .stride = 2});
         net.attention("y", x, keys, net.conv2d("values", keys, {.filters = 24, .kernel = 1}), 4);
       }},
      {"depthwise", [](const Layers& net, Value x) { net.conv2d("y", x, {.filters = 24, .groups = 24}); }},
      {"groups", [](const Layers& net, Value x) { net.conv2d("y", x, {.filters = 48, .groups = 3}); }},
      {"dilated", [](const Layers& net, Value x) { net.conv2d("y", x, {.filters = 20, .dilation = 3}); }},
      {"strided, same", [](const Layers& net, Value x) { net.conv2d("y", x, {.filters = 7, .stride = 2}); }},
      {"strided pixels",
       [](const Layers& net, Value x) { net.conv2d("y", x, {.filters = 7, .kernel = 1, .stride = 2}); }},
      {"transposed", [](const Layers& net, Value x) { net.conv_transpose2d("y", x, {.filters = 5}); }},
      {"transposed, activated",
       [](const Layers& net, Value x) {
         net.relu(net.conv_transpose2d("y", x, {.filters = 20, .kernel = 3, .stride = 3}));
       }},
      {"transposed, sigmoid",
       [](const Layers& net, Value x) {
         const Value y = net.activation(net.conv_transpose2d("y", x, {.filters = 5}), Function::kSigmoid);
         net.conv2d("z", y, {.filters = 3});
       }},
      {"transposed, overlapping",
       [](const Layers& net, Value x) {
         net.relu(net.conv_transpose2d("y", x, {.filters = 20, .kernel = 4}));
       }},
      {"transposed, unevenly cut",
       [](const Layers& net, Value x) { net.conv_transpose2d("y", x, {.filters = 5, .kernel = 3}); }},
  };
  for (const Function function :
       {Function::kRelu, Function::kRelu6, Function::kSigmoid, Function::kTanh, Function::kSilu,
        Function::kHardSwish, Function::kHardSigmoid, Function::kGelu}) {
    const std::string number = std::to_string(static_cast<int>(function));
    operations["activation " + number] = [=](const Layers& net, Value x) {
      net.activation("y", x, function);
    };
    operations["convolution with activation " + number] = [=](const Layers& net, Value x) {
      net.activation(net.conv2d("y", x, {.filters = 32}), function);
    };
    operations["sum with activation " + number] = [=](const Layers& net, Value x) {
      const Value a = net.conv2d("a", x, {.filters = 32});
      net.activation(
          "z",
          net.add("y", net.conv2d("b", a, {.filters = 32}), net.max_pool("p", a, {.kernel = 1, .stride = 1})),
          function);
    };
  }
  for (const auto& [name, append] : operations) {
    SCOPED_TRACE(name);
    expect_agreement(alone(append), 2);
    expect_agreement(behind_convolution(append), 2);
    expect_agreement(behind_convolution(append), 1);
  }
}

TEST(OneDnn, GivesTheSameValuesWithMoreThreads) {
  for (const char* network : {"unet", "segformer", "segnet"}) {
    SCOPED_TRACE(network);
    NetworkOptions options =
        architectures::narrow(network, architectures::sizes_of(network).front(), core::Json::object());
    expect_agreement(architectures::build_graph(options), 2, /*threads=*/3);
  }
}

/// The steps of a graph that are additions still, and those that add to a convolution.
std::pair<int, int> additions(const Graph& graph) {
  std::pair<int, int> found = {0, 0};
  for (const onednn::Step& step : onednn::steps_of(graph).steps) {
    if (std::holds_alternative<architectures::Add>(graph.at({step.planned.node}).op)) ++found.first;
    if (step.added) ++found.second;
  }
  return found;
}

TEST(Fusion, TakesAnAdditionIntoTheLaterConvolution) {
  Graph graph({3, 10, 13});
  const Layers net(graph);
  const Value a = net.conv2d("a", graph.input(), {.filters = 8});
  const Value b = net.conv2d("b", net.relu("r", a), {.filters = 8});
  net.relu("z", net.add("y", net.dropout("d", b, 0.5), a));
  EXPECT_EQ(additions(graph), std::pair(0, 1));
  EXPECT_EQ(onednn::steps_of(graph).steps.back().planned.activation, Function::kRelu);
  expect_agreement(graph, 2);
}

// A convolution that adds what it reads would overwrite it; what others read later must stay, too.
TEST(Fusion, LeavesAnAdditionOfWhatIsReadStill) {
  Graph reads({3, 10, 13});
  {
    const Layers net(reads);
    const Value a = net.conv2d("a", reads.input(), {.filters = 8});
    net.add("y", a, net.conv2d("b", a, {.filters = 8}));
  }
  EXPECT_EQ(additions(reads), std::pair(1, 0));
  expect_agreement(reads, 2);
  Graph later({3, 10, 13});
  {
    const Layers net(later);
    const Value a = net.conv2d("a", later.input(), {.filters = 8});
    const Value b = net.conv2d("b", net.activation("t", a, Function::kTanh), {.filters = 8});
    net.concat("z", {net.add("y", b, a), a});
  }
  EXPECT_EQ(additions(later), std::pair(1, 0));
  expect_agreement(later, 2);
  Graph image({3, 10, 13});
  {
    const Layers net(image);
    net.add("y", net.conv2d("b", image.input(), {.filters = 3}), image.input());
  }
  EXPECT_EQ(additions(image), std::pair(1, 0));
  expect_agreement(image, 2);
}

TEST(OneDnn, SaysWhatRunsAndWhatEachLayerTakes) {
  const Graph graph =
      behind_convolution([](const Layers& net, Value x) { net.max_pool("pool", net.relu(x)); });
  const RandomWeights random(graph);
  const auto engine = make_onednn_engine(graph, random.weights(), 1, {.winograd = true});
  const architectures::EngineReport report = engine->report();
  EXPECT_EQ(report.name, "onednn_winograd");
  EXPECT_EQ(report.device, "cpu");
  EXPECT_THAT(report.version, testing::StartsWith("2."));
  EXPECT_THAT(report.note, testing::EndsWith("of 1 convolutions of 3 x 3 pixels"));
  const Maps x = wavy_images(1, {3, 10, 13});
  const auto layers = engine->time_layers(x);
  ASSERT_GE(layers.size(), 2U);
  EXPECT_EQ(layers[0].name, graph.nodes()[2].name) << "the convolution with its activation";
  for (const architectures::LayerTime& layer : layers) EXPECT_GT(layer.ns, 0) << layer.name;
  for (const architectures::StageTimes& time : engine->measure(x, 3)) EXPECT_GT(time.forward, 0);
  EXPECT_EQ(make_onednn_engine(graph, random.weights(), 1)->report().name, "onednn");
  EXPECT_EQ(make_onednn_engine(graph, random.weights(), 1)->report().note, "");
}

TEST(OneDnn, RefusesOtherImages) {
  const Graph graph = behind_convolution([](const Layers& net, Value x) { net.relu(x); });
  const RandomWeights random(graph);
  const auto engine = make_onednn_engine(graph, random.weights(), 1);
  EXPECT_THROW(engine->run(wavy_images(2, {3, 10, 13})), core::UserError);
  EXPECT_THROW(engine->run(wavy_images(1, {3, 10, 14})), core::UserError);
}

}  // namespace
}  // namespace segbench::engines
