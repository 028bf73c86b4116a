// SPDX-License-Identifier: MIT
#include <string>

#include "architectures/encoders/descent.h"
#include "architectures/encoders/encoder.h"
#include "architectures/encoders/mobile_blocks.h"

// MobileNetV2 (Sandler, Howard, Zhu, Zhmoginov, Chen, CVPR 2018, table 2) as torchvision builds it: the list
// "features". Its maps are the last ones of each size: of features 1, 3, 6, 13 and 18.

namespace segbench::architectures::mobilenet_v2 {
namespace {

constexpr BatchNorm kNorm{.momentum = 0.9, .epsilon = 1e-5};

/// A row of table 2: expansion factor, output channels, repetitions, stride of the first.
struct Row {
  int expansion, channels, blocks, stride;
};
constexpr Row kRows[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                         {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

/// Expansion, depthwise convolution, linear projection: figure 3b.
Value inverted_residual(const Layers& block, Value x, int expansion, std::int64_t filters, int stride,
                        int dilation, bool residual) {
  const Layers at = block.in("conv");
  Value y = x;
  int part = 0;
  const auto next = [&part] { return std::to_string(part++); };
  if (expansion != 1) {
    const Conv2d expand{.filters = at.shape(x).channels * expansion, .kernel = 1};
    y = conv_norm_activation(at.in(next()), y, expand, kNorm, Function::kRelu6);
  }
  y = depthwise_norm_activation(at.in(next()), y, {.stride = stride, .dilation = dilation}, kNorm,
                                Function::kRelu6);
  y = at.conv2d(next(), y,
                {.filters = filters,
                 .kernel = 1,
                 .padding = Padding::kTorch,
                 .bias = false,
                 .init = Init::kHeNormalFanOut});
  y = at.batch_norm(next(), y, kNorm);
  return residual ? block.add("add", x, y) : y;
}

Features build_mobilenet_v2(const EncoderBuild& build, Value x) {
  const Layers at = build.net.in("features");
  Features features;
  Descent descent{.output_stride = build.output_stride, .stride = 2};
  int index = 0;
  const auto next = [&] { return at.in(std::to_string(index++)); };
  x = conv_norm_activation(next(), x, {.filters = build.channels(32), .stride = 2}, kNorm, Function::kRelu6);
  for (const Row& row : kRows) {
    if (row.stride == 2) features.maps.push_back(x);
    const int stride = descent.step(row.stride);
    for (int i = 0; i < row.blocks; ++i) {
      x = inverted_residual(next(), x, row.expansion, build.channels(row.channels), i == 0 ? stride : 1,
                            descent.dilation, i > 0);
    }
  }
  const Conv2d last{.filters = build.channels(1280), .kernel = 1};
  features.maps.push_back(conv_norm_activation(next(), x, last, kNorm, Function::kRelu6));
  return features;
}

const EncoderRegistration mobilenet_v2{{
    .name = "mobilenet_v2",
    .summary = "inverted residuals with depthwise convolutions and linear bottlenecks",
    .source =
        "Sandler, Howard, Zhu, Zhmoginov, Chen: MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR "
        "2018, https://arxiv.org/abs/1801.04381",
    .build = build_mobilenet_v2,
}};

}  // namespace
}  // namespace segbench::architectures::mobilenet_v2
