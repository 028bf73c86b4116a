// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "architectures/encoders/descent.h"
#include "architectures/encoders/encoder.h"
#include "architectures/encoders/mobile_blocks.h"

// EfficientNet-B0 (Tan & Le, ICML 2019, table 1) as torchvision builds it: the list "features" of stages. Its
// maps are the last ones of each size: of features 1, 2, 3, 5 and 8.

namespace segbench::architectures::efficientnet {
namespace {

constexpr BatchNorm kNorm{.momentum = 0.9, .epsilon = 1e-5};

/// A stage of table 1: mobile inverted bottlenecks.
struct Stage {
  int expansion, kernel, stride, channels, blocks;
};
constexpr Stage kStages[] = {{1, 3, 1, 16, 1},  {6, 3, 2, 24, 2},  {6, 5, 2, 40, 2}, {6, 3, 2, 80, 3},
                             {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4}, {6, 3, 1, 320, 1}};
constexpr int kBlocks = 16;  ///< in all

struct Block {
  int expansion;
  Conv2d depthwise;
  std::int64_t channels;
  bool residual;
  double drop_path;
};

Value bottleneck(const Layers& place, Value x, const Block& block) {
  const Layers at = place.in("block");
  const std::int64_t before = at.shape(x).channels;
  int part = 0;
  const auto next = [&] { return at.in(std::to_string(part++)); };
  Value y = x;
  if (block.expansion != 1) {
    const Conv2d expand{.filters = before * block.expansion, .kernel = 1};
    y = conv_norm_activation(next(), y, expand, kNorm, Function::kSilu);
  }
  y = depthwise_norm_activation(next(), y, block.depthwise, kNorm, Function::kSilu);
  y = squeeze_excitation(next(), y, std::max<std::int64_t>(1, before / 4), Function::kSilu,
                         Function::kSigmoid);
  y = conv_norm_activation(next(), y, {.filters = block.channels, .kernel = 1}, kNorm, std::nullopt);
  if (!block.residual) return y;
  if (block.drop_path > 0) y = place.drop_path("stochastic_depth", y, block.drop_path);
  return place.add("add", y, x);
}

Features build_efficientnet(const EncoderBuild& build, Value x) {
  const Layers at = build.net.in("features");
  Features features;
  Descent descent{.output_stride = build.output_stride, .stride = 2};
  int index = 0, block = 0;
  const auto next = [&] { return at.in(std::to_string(index++)); };
  x = conv_norm_activation(next(), x, {.filters = build.channels(32), .stride = 2}, kNorm, Function::kSilu);
  for (const Stage& stage : kStages) {
    if (stage.stride == 2) features.maps.push_back(x);
    const int stride = descent.step(stage.stride);
    const Layers place = next();
    for (int i = 0; i < stage.blocks; ++i, ++block) {
      x = bottleneck(
          place.in(std::to_string(i)), x,
          {.expansion = stage.expansion,
           .depthwise = {.kernel = stage.kernel, .stride = i == 0 ? stride : 1, .dilation = descent.dilation},
           .channels = build.channels(stage.channels),
           .residual = i > 0,
           .drop_path = build.drop_path * block / kBlocks});
    }
  }
  const Conv2d last{.filters = build.channels(1280), .kernel = 1};
  features.maps.push_back(conv_norm_activation(next(), x, last, kNorm, Function::kSilu));
  return features;
}

const EncoderRegistration efficientnet_b0{{
    .name = "efficientnet_b0",
    .summary = "inverted bottlenecks with squeeze-and-excitation and compound scaling",
    .source = "Tan, Le: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019, "
              "https://arxiv.org/abs/1905.11946",
    .build = build_efficientnet,
    .drop_path = 0.2,
}};

}  // namespace
}  // namespace segbench::architectures::efficientnet
