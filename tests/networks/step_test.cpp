// SPDX-License-Identifier: MIT
#include "architectures/torch/step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "architectures/torch/network.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// Runs one operation with the tensors given, in training mode or not.
Tensor run(Op op, const std::vector<Tensor>& inputs, const std::vector<Tensor>& tensors = {},
           bool training = false, bool in_place = false) {
  torch::nn::Module module("m");
  module.train(training);
  Step step{.op = std::move(op), .tensors = tensors, .module = &module};
  step.plan.in_place = in_place;
  for (std::size_t i = 0; i < inputs.size(); ++i) step.plan.inputs.push_back(static_cast<int>(i));
  return run_step(step, inputs);
}

Tensor ramp(torch::IntArrayRef shape) {
  const std::int64_t n = torch::empty(shape).numel();
  return torch::sin(torch::arange(n, torch::kFloat32)).view(shape);
}

void expect_close(const Tensor& found, const Tensor& expected) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  EXPECT_TRUE(torch::allclose(found, expected, 1e-5, 1e-5)) << found << "\n" << expected;
}

// What TensorFlow documents for "SAME": at stride 2 an even size gets its one pixel of padding last, an odd
// one both.
TEST(Step, SameConvolutionPadsLikeKeras) {
  const Tensor weight = ramp({2, 3, 3, 3});
  const auto padded = [&](const Tensor& x, std::vector<std::int64_t> pads) {
    return torch::conv2d(torch::constant_pad_nd(x, pads), weight, {}, 2);
  };
  const Conv2d conv{.filters = 2, .kernel = 3, .stride = 2, .bias = false};
  const Tensor even = ramp({1, 3, 8, 6}), odd = ramp({1, 3, 7, 5}), mixed = ramp({1, 3, 8, 5});
  expect_close(run(conv, {even}, {weight}), padded(even, {0, 1, 0, 1}));
  expect_close(run(conv, {odd}, {weight}), padded(odd, {1, 1, 1, 1}));
  expect_close(run(conv, {mixed}, {weight}), padded(mixed, {1, 1, 0, 1}));
  const Tensor weight4 = ramp({2, 3, 4, 4});
  expect_close(run(Conv2d{.filters = 2, .kernel = 4, .bias = false}, {even}, {weight4}),
               torch::conv2d(torch::constant_pad_nd(even, {1, 2, 1, 2}), weight4));
}

TEST(Step, ConvolutionTakesGroupsAndDilation) {
  const Tensor x = ramp({2, 4, 9, 9}), weight = ramp({4, 1, 3, 3}), bias = ramp({4});
  expect_close(run(Conv2d{.filters = 4, .dilation = 2, .groups = 4}, {x}, {weight, bias}),
               torch::conv2d(x, weight, bias, 1, 2, 2, 4));
}

// "Same" drops the last row and column of the full result (n - 1) * 2 + 3.
TEST(Step, TransposedConvolutionDoubles) {
  const Tensor x = ramp({1, 2, 4, 5}), weight = ramp({2, 3, 3, 3}), bias = ramp({3});
  const Tensor full = torch::conv_transpose2d(x, weight, bias, 2);
  expect_close(run(ConvTranspose2d{.filters = 3, .kernel = 3}, {x}, {weight, bias}),
               full.narrow(2, 0, 8).narrow(3, 0, 10));
}

TEST(Step, AveragesLeaveOutPaddedPixels) {
  const Tensor x = ramp({1, 2, 5, 5}), ones = torch::ones_like(x);
  const AvgPool same{.kernel = 3, .stride = 2, .padding = Padding::kSame};
  EXPECT_TRUE(torch::allclose(run(same, {ones}), torch::ones({1, 2, 3, 3})));
  // 5 pixels in windows of 2: 2, 2 and the last one alone.
  const Tensor pooled = run(PyramidAvgPool{.bins = 2}, {x});
  EXPECT_EQ(pooled.size(2), 3);
  expect_close(pooled.select(2, 2).select(2, 2), x.select(2, 4).select(2, 4));
  expect_close(pooled.select(2, 0).select(2, 0), x.narrow(2, 0, 2).narrow(3, 0, 2).mean({2, 3}));
  // 4 pixels in windows of 3: 2 of padding, one on each side.
  const Tensor four = ramp({1, 2, 4, 4});
  const Tensor uneven = run(AvgPool{.kernel = 3, .stride = 3, .padding = Padding::kSame}, {four});
  ASSERT_EQ(uneven.size(2), 2);
  expect_close(uneven.select(2, 0).select(2, 0), four.narrow(2, 0, 2).narrow(3, 0, 2).mean({2, 3}));
}

TEST(Step, BatchNormFollowsKerasMomentum) {
  const Tensor x = ramp({4, 2, 3, 3}) * 3 + 1;
  const Tensor mean = torch::zeros({2}), variance = torch::ones({2});
  const std::vector<Tensor> tensors = {torch::ones({2}), torch::zeros({2}), mean, variance};
  const Tensor y = run(BatchNorm{.momentum = 0.9, .epsilon = 1e-3}, {x}, tensors, true);
  const Tensor values = x.transpose(0, 1).reshape({2, -1});
  expect_close(mean, 0.1 * values.mean(1));
  expect_close(variance, 0.9 + 0.1 * values.var(1, true));  // the unbiased one
  const Tensor expected = (values - values.mean(1, true)) / (values.var(1, false, true) + 1e-3).sqrt();
  expect_close(y.transpose(0, 1).reshape({2, -1}), expected);
}

TEST(Step, BatchNormOfOneValueUsesTheMovingStatistics) {
  const Tensor mean = torch::full({2}, 0.5F), variance = torch::full({2}, 4.0F);
  const std::vector<Tensor> tensors = {torch::ones({2}), torch::zeros({2}), mean, variance};
  const Tensor x = ramp({1, 2, 1, 1});
  expect_close(run(BatchNorm{.epsilon = 1e-3}, {x}, tensors, true), (x - 0.5) / std::sqrt(4.001));
  EXPECT_TRUE((mean == 0.5).all().item<bool>() && (variance == 4).all().item<bool>());
}

TEST(Step, ActivationsAreTheirFormulas) {
  const Tensor x = torch::linspace(-8, 8, 33).view({1, 1, 3, 11});
  const std::map<Function, Tensor> expected = {
      {Function::kRelu, x.clamp_min(0)},
      {Function::kRelu6, x.clamp(0, 6)},
      {Function::kSigmoid, 1 / (1 + torch::exp(-x))},
      {Function::kTanh, torch::tanh(x)},
      {Function::kSilu, x / (1 + torch::exp(-x))},
      {Function::kHardSigmoid, (x + 3).clamp(0, 6) / 6},
      {Function::kHardSwish, x * (x + 3).clamp(0, 6) / 6},
      {Function::kGelu, x * (1 + torch::erf(x / std::sqrt(2.0))) / 2}};
  for (const auto& [function, y] : expected) {
    expect_close(run(Activation{function}, {x}), y);
    expect_close(run(Activation{function}, {x.clone()}, {}, false, true), y);
  }
}

TEST(Step, TakesPyTorchsPadding) {
  const Tensor x = ramp({2, 3, 7, 10}), weight = ramp({4, 3, 3, 3});
  const Conv2d conv{.filters = 4, .stride = 2, .dilation = 2, .padding = Padding::kTorch, .bias = false};
  expect_close(run(conv, {x}, {weight}), torch::conv2d(x, weight, {}, 2, 2, 2));
  expect_close(run(MaxPool{.kernel = 3, .stride = 2, .padding = Padding::kTorch}, {x - 10}),
               torch::max_pool2d(x - 10, 3, 2, 1));
  expect_close(run(AvgPool{.kernel = 3, .stride = 2, .padding = Padding::kTorch}, {x}),
               torch::avg_pool2d(x, 3, 2, 1, false, false));
}

// Keras pads an even size on the right and bottom only; a padded pixel never wins, not over negative ones
// either.
TEST(Step, MaximaLeaveOutPaddedPixels) {
  const Tensor x = -torch::arange(1, 5, torch::kFloat32).view({1, 1, 1, 4});
  expect_close(run(MaxPool{.kernel = 3, .stride = 2, .padding = Padding::kSame}, {x}).view({-1}),
               torch::tensor({-1.0F, -3.0F}));
}

TEST(Step, UnpoolingPutsValuesWhereTheMaximaWere) {
  const Tensor pooled = ramp({2, 3, 5, 6}), x = ramp({2, 3, 2, 3}) + 2;
  const auto [values, places] = torch::max_pool2d_with_indices(pooled, 2, 2);
  const Tensor expected = at::max_unpool2d(x, places, {5, 6});
  expect_close(run(MaxUnpool{}, {x, pooled}), expected);
  const Tensor differentiable = x.clone().requires_grad_();
  const Tensor factors = ramp({2, 3, 5, 6});
  (run(MaxUnpool{}, {differentiable, pooled}) * factors).sum().backward();
  expect_close(differentiable.grad(), factors.flatten(2).gather(2, places.flatten(2)).view_as(x));
}

TEST(Step, LayerNormNormalisesThePixels) {
  const Tensor x = ramp({2, 5, 3, 4}), weight = ramp({5}), bias = ramp({5}) + 1;
  const Tensor mean = x.mean(1, true), variance = x.var(1, false, true);
  const Tensor expected =
      (x - mean) / (variance + 0.1).sqrt() * weight.view({1, 5, 1, 1}) + bias.view({1, 5, 1, 1});
  expect_close(run(LayerNorm{.epsilon = 0.1}, {x}, {weight, bias}), expected);
}

TEST(Step, GroupNormNormalisesEachImagesGroups) {
  const Tensor x = ramp({2, 6, 3, 4}), weight = ramp({6}), bias = ramp({6}) + 1;
  const Tensor groups = x.view({2, 3, 24});
  const Tensor normal = (groups - groups.mean(2, true)) / (groups.var(2, false, true) + 0.1).sqrt();
  const Tensor expected = normal.view_as(x) * weight.view({1, 6, 1, 1}) + bias.view({1, 6, 1, 1});
  expect_close(run(GroupNorm{.groups = 3, .epsilon = 0.1}, {x}, {weight, bias}), expected);
  const Tensor x_last = x.contiguous(torch::MemoryFormat::ChannelsLast);
  expect_close(run(GroupNorm{.groups = 3, .epsilon = 0.1}, {x_last}, {weight, bias}), expected);
}

TEST(Step, MultiplyBroadcasts) {
  const Tensor x = ramp({2, 3, 4, 5}), channels = ramp({2, 3, 1, 1}), pixels = ramp({2, 1, 4, 5});
  expect_close(run(Multiply{}, {x, channels}), x * channels);
  expect_close(run(Multiply{}, {x, pixels}), x * pixels);
}

// Pixel by pixel and head by head, as the formula says.
TEST(Step, AttentionIsItsFormula) {
  const Tensor q = ramp({2, 4, 3, 2}), k = ramp({2, 4, 2, 2}) * 2, v = ramp({2, 4, 2, 2}) + 1;
  const Tensor found = run(Attention{.heads = 2}, {q, k, v});
  Tensor expected = torch::zeros_like(q);
  for (int image = 0; image < 2; ++image) {
    for (int head = 0; head < 2; ++head) {
      const auto share = [&](const Tensor& x) { return x[image].narrow(0, 2 * head, 2).flatten(1); };
      for (int pixel = 0; pixel < 6; ++pixel) {
        const Tensor weights =
            torch::softmax((share(q).select(1, pixel).unsqueeze(1) * share(k)).sum(0) / std::sqrt(2.0), 0);
        expected[image].narrow(0, 2 * head, 2).flatten(1).select(1, pixel).copy_((share(v) * weights).sum(1));
      }
    }
  }
  expect_close(found, expected);
  const auto last = [](const Tensor& x) { return x.contiguous(torch::MemoryFormat::ChannelsLast); };
  const Tensor of_last = run(Attention{.heads = 2}, {last(q), last(k), last(v)});
  expect_close(of_last, expected);
  EXPECT_TRUE(of_last.is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST(Step, DropPathDropsWholeImages) {
  torch::manual_seed(1);
  const Tensor x = torch::ones({400, 2, 3, 3});
  const Tensor y = run(DropPath{.rate = 0.25}, {x}, {}, true).flatten(1);
  EXPECT_TRUE(torch::equal(y.amin(1), y.amax(1)));
  const double kept = (y.select(1, 0) > 0).to(torch::kFloat64).mean().item<double>();
  EXPECT_NEAR(kept, 0.75, 0.09);  // four deviations
  EXPECT_NEAR(y.max().item<float>(), 1 / 0.75, 1e-6);
  EXPECT_TRUE(torch::equal(run(DropPath{.rate = 0.25}, {x}), x));
}

TEST(Step, BatchNormWithoutScaleOrWithFrozenStatistics) {
  const Tensor x = ramp({4, 2, 3, 3}) * 3 + 1, bias = ramp({2}) + 1;
  const std::vector<Tensor> tensors = {bias, torch::full({2}, 0.5F), torch::full({2}, 4.0F)};
  const Tensor expected = (x - 0.5) / std::sqrt(4.001) + bias.view({1, 2, 1, 1});
  expect_close(run(BatchNorm{.scale = false}, {x}, tensors), expected);
  torch::nn::Module module("m");
  module.train(true);
  const Step frozen{.op = BatchNorm{.scale = false},
                    .plan = {.inputs = {0}},
                    .tensors = tensors,
                    .module = &module,
                    .is_frozen = true};
  expect_close(run_step(frozen, {x}), expected);
  EXPECT_TRUE((tensors[1] == 0.5).all().item<bool>());
}

TEST(Step, ResizingKeepsPixelCentres) {
  const Tensor x = torch::tensor({0.0F, 1.0F}).view({1, 1, 1, 2});
  expect_close(run(Upsample{.mode = Resize::kBilinear, .factor = 2}, {x}).select(2, 0).view({-1}),
               torch::tensor({0.0F, 0.25F, 0.75F, 1.0F}));
  expect_close(run(Upsample{.mode = Resize::kNearest, .factor = 2}, {x}).select(2, 0).view({-1}),
               torch::tensor({0.0F, 0.0F, 1.0F, 1.0F}));
}

/// The gradient with respect to the input when a graph's steps run as planned, and when none works in place.
std::pair<Tensor, Tensor> gradients_with_and_without_in_place(const Graph& graph, bool training) {
  std::vector<Tensor> found;
  for (const bool allowed : {true, false}) {
    torch::nn::Module module("m");
    module.train(training);
    torch::manual_seed(1);  // of the dropout
    Tensor x = ramp({2, 3, 6, 6}).requires_grad_();
    std::vector<Tensor> values(graph.nodes().size());
    values[0] = x;
    for (const PlannedStep& planned : plan(graph)) {
      const Node& node = graph.at({planned.node});
      Step step{.op = node.op, .plan = planned, .module = &module};
      step.plan.in_place = planned.in_place && allowed;
      for (const TensorSpec& spec : node.tensors) step.tensors.push_back(ramp(spec.shape) + 1.5);
      values[static_cast<std::size_t>(planned.output)] = run_step(step, values);
    }
    values.back().square().sum().backward();
    found.push_back(x.grad());
  }
  return {found[0], found[1]};
}

TEST(Step, InPlaceKeepsTheGradients) {
  Graph graph({3, 6, 6});
  const Layers net(graph);
  const Value x = net.relu("first", graph.input());  // must not overwrite the input
  const Value a = net.relu(net.conv2d("conv", x, {.filters = 4}));
  const Value b = net.activation("sigmoid", net.batch_norm("bn", a, {}), Function::kSigmoid);
  const Value c = net.relu("of_sigmoid", b);  // must not overwrite what the sigmoid keeps
  const Value d = net.add("sum", net.conv2d("side", x, {.filters = 4}), c);
  net.relu("last", net.add("again", net.dropout("dropout", d, 0.5), d));
  for (const bool training : {true, false}) {
    const auto [with, without] = gradients_with_and_without_in_place(graph, training);
    EXPECT_TRUE(torch::equal(with, without)) << training;
  }

  std::map<std::string, bool> in_place;
  for (const PlannedStep& step : plan(graph)) in_place[graph.at({step.node}).name] = step.in_place;
  EXPECT_FALSE(in_place.at("first"));
  EXPECT_TRUE(in_place.at("conv.relu"));
  EXPECT_TRUE(in_place.at("sigmoid"));
  EXPECT_FALSE(in_place.at("of_sigmoid"));
  EXPECT_TRUE(in_place.at("sum"));
  EXPECT_FALSE(in_place.at("again"));
  EXPECT_TRUE(in_place.at("last"));
}

TEST(Step, PadsTheEndAlone) {
  expect_close(run(ZeroPad{1, true}, {torch::ones({1, 1, 2, 2})}).view({-1}),
               torch::tensor({1.0F, 1.0F, 0.0F, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F}));
}

}  // namespace
}  // namespace segbench::architectures
