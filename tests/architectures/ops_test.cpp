// SPDX-License-Identifier: MIT
#include "architectures/graph/ops.h"

#include <gtest/gtest.h>

#include "architectures/graph/graph.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

Shape shape_after(const Op& op, const std::vector<Shape>& inputs) {
  return output_shape(op, inputs);
}

TEST(OutputShape, OfWindowsFollowsKeras) {
  const Shape x{3, 7, 10};
  EXPECT_EQ(shape_after(Conv2d{.filters = 8, .kernel = 3, .stride = 2}, {x}), (Shape{8, 4, 5}));
  EXPECT_EQ(shape_after(Conv2d{.filters = 8, .kernel = 3, .stride = 2, .padding = Padding::kValid}, {x}),
            (Shape{8, 3, 4}));
  EXPECT_EQ(shape_after(Conv2d{.filters = 8, .kernel = 3, .dilation = 3, .padding = Padding::kValid}, {x}),
            (Shape{8, 1, 4}));
  EXPECT_EQ(shape_after(ConvTranspose2d{.filters = 5, .kernel = 3, .stride = 2}, {x}), (Shape{5, 14, 20}));
  EXPECT_EQ(shape_after(MaxPool{}, {x}), (Shape{3, 3, 5}));
  EXPECT_EQ(shape_after(AvgPool{.kernel = 2, .stride = 2, .padding = Padding::kSame}, {x}), (Shape{3, 4, 5}));
}

// PyTorch's own formula, floor((n + 2 p - extent) / stride) + 1: where the strides do not divide, it differs
// from Keras'.
TEST(OutputShape, OfPyTorchsPadding) {
  const Shape x{3, 7, 10};
  const auto conv = [&](int kernel, int stride, int dilation) {
    return shape_after(Conv2d{.filters = 8,
                              .kernel = kernel,
                              .stride = stride,
                              .dilation = dilation,
                              .padding = Padding::kTorch},
                       {x});
  };
  EXPECT_EQ(conv(3, 2, 1), (Shape{8, 4, 5}));
  EXPECT_EQ(conv(7, 2, 1), (Shape{8, 4, 5}));
  EXPECT_EQ(conv(3, 1, 4), (Shape{8, 7, 10}));
  EXPECT_EQ(conv(1, 2, 1), (Shape{8, 4, 5}));
  EXPECT_EQ(conv(2, 2, 1), (Shape{8, 3, 5}));
  EXPECT_EQ(shape_after(MaxPool{.kernel = 3, .stride = 2, .padding = Padding::kTorch}, {x}),
            (Shape{3, 4, 5}));
  EXPECT_EQ(shape_after(MaxPool{.kernel = 2, .stride = 2, .padding = Padding::kSame}, {x}), (Shape{3, 4, 5}));
}

TEST(OutputShape, OfProductsAttentionAndUnpooling) {
  const Shape x{6, 7, 10};
  EXPECT_EQ(shape_after(Multiply{}, {x, {6, 1, 1}}), x);
  EXPECT_EQ(shape_after(Multiply{}, {x, {1, 7, 10}}), x);
  EXPECT_THROW(shape_after(Multiply{}, {x, {1, 1, 1}}), core::InternalError);
  EXPECT_THROW(shape_after(Multiply{}, {x, {3, 7, 10}}), core::InternalError);
  EXPECT_EQ(shape_after(Attention{2}, {x, {6, 2, 2}, {6, 2, 2}}), x);
  EXPECT_THROW(shape_after(Attention{4}, {x, x, x}), core::InternalError);
  EXPECT_THROW(shape_after(Attention{2}, {x, {6, 2, 2}, {6, 2, 1}}), core::InternalError);
  EXPECT_EQ(shape_after(MaxUnpool{}, {{6, 3, 5}, x}), x);
  EXPECT_THROW(shape_after(MaxUnpool{}, {{6, 4, 5}, x}), core::InternalError);
}

TEST(OutputShape, OfResizingAndJoining) {
  const Shape x{3, 7, 10};
  EXPECT_EQ(shape_after(AdaptiveAvgPool{6}, {x}), (Shape{3, 6, 6}));
  EXPECT_EQ(shape_after(PyramidAvgPool{3}, {x}), (Shape{3, 4, 4}));
  EXPECT_EQ(shape_after(Upsample{.factor = 3}, {x}), (Shape{3, 21, 30}));
  EXPECT_EQ(shape_after(Upsample{.factor = 0}, {x, {9, 20, 21}}), (Shape{3, 20, 21}));
  EXPECT_EQ(shape_after(Concat{}, {x, {5, 7, 10}}), (Shape{8, 7, 10}));
  EXPECT_EQ(shape_after(Add{}, {x, x}), x);
  EXPECT_EQ(shape_after(ZeroPad{2}, {x}), (Shape{3, 11, 14}));
  EXPECT_EQ(shape_after(PadToMultiple{8}, {x}), (Shape{3, 8, 16}));
  EXPECT_EQ(shape_after(CropLike{}, {x, {1, 5, 6}}), (Shape{3, 5, 6}));
}

TEST(OutputShape, RefusesWhatDoesNotFit) {
  const Shape x{3, 7, 10};
  EXPECT_THROW(shape_after(Concat{}, {x, {3, 7, 9}}), core::InternalError);
  EXPECT_THROW(shape_after(Add{}, {x, {4, 7, 10}}), core::InternalError);
  EXPECT_THROW(shape_after(CropLike{}, {x, {3, 8, 10}}), core::InternalError);
  EXPECT_THROW(shape_after(Conv2d{.filters = 8, .kernel = 9, .padding = Padding::kValid}, {x}),
               core::InternalError);
  EXPECT_THROW(shape_after(Conv2d{.filters = 8, .groups = 2}, {x}), core::InternalError);
  EXPECT_THROW(shape_after(ConvTranspose2d{.filters = 8, .kernel = 2, .stride = 3}, {x}),
               core::InternalError);
}

// TensorFlow's rule: the odd pixel goes to the right and bottom.
TEST(SamePadding, PutsTheOddPixelLast) {
  const auto pads = [](auto... arguments) {
    const Pads p = same_padding(arguments...);
    return std::pair(p.before, p.after);
  };
  EXPECT_EQ(pads(128, 3, 1), std::pair(std::int64_t{1}, std::int64_t{1}));
  EXPECT_EQ(pads(128, 3, 2), std::pair(std::int64_t{0}, std::int64_t{1}));
  EXPECT_EQ(pads(127, 3, 2), std::pair(std::int64_t{1}, std::int64_t{1}));
  EXPECT_EQ(pads(128, 7, 1), std::pair(std::int64_t{3}, std::int64_t{3}));
  EXPECT_EQ(pads(128, 2, 1), std::pair(std::int64_t{0}, std::int64_t{1}));
  EXPECT_EQ(pads(128, 3, 1, 4), std::pair(std::int64_t{4}, std::int64_t{4}));
  EXPECT_EQ(pads(8, 1, 2), std::pair(std::int64_t{0}, std::int64_t{0}));
}

TEST(PyramidWindow, RoundsHalvesToEvenAndIsAtLeastOne) {
  EXPECT_EQ(pyramid_window(4, 1), 4);
  EXPECT_EQ(pyramid_window(4, 2), 2);
  EXPECT_EQ(pyramid_window(4, 3), 1);
  EXPECT_EQ(pyramid_window(4, 6), 1);
  EXPECT_EQ(pyramid_window(5, 2), 2);
  EXPECT_EQ(pyramid_window(7, 2), 4);
  EXPECT_EQ(pyramid_window(1, 6), 1);
}

TEST(Tensors, HavePyTorchsLayoutsAndKerasFans) {
  const std::vector<TensorSpec> conv = tensors_of(Conv2d{.filters = 8, .kernel = 5, .groups = 2}, {6, 9, 9});
  ASSERT_EQ(conv.size(), 2U);
  EXPECT_EQ(conv[0].shape, (std::vector<std::int64_t>{8, 3, 5, 5}));
  EXPECT_EQ(conv[0].fan_in, 75);
  EXPECT_EQ(conv[0].fan_out, 200);
  EXPECT_EQ(conv[1].shape, std::vector<std::int64_t>{8});

  const std::vector<TensorSpec> up = tensors_of(ConvTranspose2d{.filters = 4, .bias = false}, {6, 9, 9});
  ASSERT_EQ(up.size(), 1U);
  EXPECT_EQ(up[0].shape, (std::vector<std::int64_t>{6, 4, 2, 2}));

  const std::vector<TensorSpec> norm = tensors_of(BatchNorm{}, {6, 9, 9});
  ASSERT_EQ(norm.size(), 4U);
  EXPECT_TRUE(norm[0].trainable && norm[1].trainable);
  EXPECT_FALSE(norm[2].trainable || norm[3].trainable);
  EXPECT_EQ(norm[3].init, Init::kOnes);
  const std::vector<TensorSpec> shift_only = tensors_of(BatchNorm{.scale = false}, {6, 9, 9});
  ASSERT_EQ(shift_only.size(), 3U);
  EXPECT_EQ(shift_only[0].name, "bias");
  EXPECT_EQ(tensors_of(LayerNorm{}, {6, 9, 9}).size(), 2U);
  EXPECT_EQ(tensors_of(GroupNorm{.groups = 3}, {6, 9, 9}).size(), 2U);
}

// PyTorch draws the bias from the same interval as the weights.
TEST(Tensors, ABiasStartsAsItsWeightDoesInPyTorch) {
  const std::vector<TensorSpec> conv =
      tensors_of(Conv2d{.filters = 8, .kernel = 5, .init = Init::kTorchUniform}, {6, 9, 9});
  EXPECT_EQ(conv[1].init, Init::kTorchUniform);
  EXPECT_EQ(conv[1].fan_in, 150);
  EXPECT_EQ(tensors_of(Conv2d{.filters = 8, .init = Init::kHeNormalFanOut}, {6, 9, 9})[1].init, Init::kZeros);
}

std::int64_t macs(const Op& op, const std::vector<Shape>& inputs) {
  return macs_of(op, inputs, output_shape(op, inputs));
}

TEST(Macs, CountOutputPixelsOrForATransposedConvolutionInputPixels) {
  EXPECT_EQ(macs(Conv2d{.filters = 8, .kernel = 3, .stride = 2, .groups = 2}, {{4, 10, 10}}), 25 * 8 * 2 * 9);
  EXPECT_EQ(macs(ConvTranspose2d{.filters = 8}, {{4, 5, 5}}), 25 * 4 * 8 * 4);
  EXPECT_EQ(macs(BatchNorm{}, {{4, 5, 5}}), 0);
}

// Two products: queries with keys, and the weights with the values; whatever the number of heads.
TEST(Macs, CountBothProductsOfAnAttention) {
  const Shape queries{8, 6, 5}, keys{8, 3, 2};
  EXPECT_EQ(macs(Attention{.heads = 2}, {queries, keys, keys}), 2 * 30 * 6 * 8);
  const std::vector<Shape> inputs = {queries, keys, keys};
  EXPECT_EQ(inner_values_of(Attention{.heads = 2}, inputs), 2 * 30 * 6);
}

TEST(Graph, RefusesTwoLayersOfOneName) {
  Graph graph({3, 8, 8});
  const Layers net(graph);
  net.in("a").conv2d("conv", graph.input(), {.filters = 2});
  EXPECT_THROW(net.conv2d("a.conv", graph.input(), {.filters = 2}), core::InternalError);
  EXPECT_EQ(graph.at(graph.output()).name, "a.conv");
}

TEST(Graph, KnowsWhoReadsWhat) {
  Graph graph({3, 8, 8});
  const Layers net(graph);
  const Value a = net.relu(net.conv2d("a", graph.input(), {.filters = 3}));
  net.add("sum", a, graph.input());
  const std::vector<std::vector<int>> consumers = consumers_of(graph);
  EXPECT_EQ(consumers[0], (std::vector<int>{1, 3}));
  EXPECT_EQ(consumers[1], std::vector<int>{2});
  EXPECT_TRUE(consumers[3].empty());
}

}  // namespace
}  // namespace segbench::architectures
