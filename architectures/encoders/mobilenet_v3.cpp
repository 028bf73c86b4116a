// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "architectures/encoders/descent.h"
#include "architectures/encoders/encoder.h"
#include "architectures/encoders/mobile_blocks.h"

// MobileNetV3-Large (Howard et al., "Searching for MobileNetV3", ICCV 2019, table 1) as torchvision builds
// it: the list "features". Its maps are where torchvision's LR-ASPP and feature pyramids take them: features
// 1, then the block that halves of each size, 2, 4 and 7, and the last convolution, 16.

namespace segbench::architectures::mobilenet_v3 {
namespace {

constexpr BatchNorm kNorm{.momentum = 0.99, .epsilon = 1e-3};

/// A row of table 1; `expanded` and `channels` at width 1.
struct Row {
  int kernel, expanded, channels;
  bool squeezes;
  Function function;
  int stride;
};
constexpr Function kRe = Function::kRelu, kHs = Function::kHardSwish;
constexpr Row kRows[] = {
    {3, 16, 16, false, kRe, 1},  {3, 64, 24, false, kRe, 2},  {3, 72, 24, false, kRe, 1},
    {5, 72, 40, true, kRe, 2},   {5, 120, 40, true, kRe, 1},  {5, 120, 40, true, kRe, 1},
    {3, 240, 80, false, kHs, 2}, {3, 200, 80, false, kHs, 1}, {3, 184, 80, false, kHs, 1},
    {3, 184, 80, false, kHs, 1}, {3, 480, 112, true, kHs, 1}, {3, 672, 112, true, kHs, 1},
    {5, 672, 160, true, kHs, 2}, {5, 960, 160, true, kHs, 1}, {5, 960, 160, true, kHs, 1}};

/// The multiple of 8 nearest to a quarter, never more than a tenth below it.
int squeezed_channels(int expanded) {
  const int wanted = expanded / 4;
  const int rounded = std::max(8, (wanted + 4) / 8 * 8);
  return rounded * 10 < wanted * 9 ? rounded + 8 : rounded;
}

Value block(const EncoderBuild& build, const Layers& place, Value x, const Row& row, int channels_before,
            Descent& descent) {
  const Layers at = place.in("block");
  int part = 0;
  const auto next = [&] { return at.in(std::to_string(part++)); };
  Value y = x;
  if (row.expanded != channels_before) {
    const Conv2d expand{.filters = build.channels(row.expanded), .kernel = 1};
    y = conv_norm_activation(next(), y, expand, kNorm, row.function);
  }
  const int stride = descent.step(row.stride);
  const Conv2d depthwise{.kernel = row.kernel, .stride = stride, .dilation = descent.dilation};
  y = depthwise_norm_activation(next(), y, depthwise, kNorm, row.function);
  if (row.squeezes) {
    y = squeeze_excitation(next(), y, build.channels(squeezed_channels(row.expanded)), Function::kRelu,
                           Function::kHardSigmoid);
  }
  y = conv_norm_activation(next(), y, {.filters = build.channels(row.channels), .kernel = 1}, kNorm,
                           std::nullopt);
  return row.stride == 1 && row.channels == channels_before ? place.add("add", y, x) : y;
}

Features build_mobilenet_v3(const EncoderBuild& build, Value x) {
  const Layers at = build.net.in("features");
  Features features;
  Descent descent{.output_stride = build.output_stride, .stride = 2};
  int index = 0, channels = 16;
  const auto next = [&] { return at.in(std::to_string(index++)); };
  x = conv_norm_activation(next(), x, {.filters = build.channels(channels), .stride = 2}, kNorm, kHs);
  for (const Row& row : kRows) {
    x = block(build, next(), x, row, channels, descent);
    channels = row.channels;
    if ((row.stride == 2 || index == 2) && features.maps.size() < 4) features.maps.push_back(x);
  }
  const Conv2d last{.filters = build.channels(6 * channels), .kernel = 1};
  features.maps.push_back(conv_norm_activation(next(), x, last, kNorm, kHs));
  return features;
}

const EncoderRegistration mobilenet_v3_large{{
    .name = "mobilenet_v3_large",
    .summary = "inverted residuals with squeeze-and-excitation and hard swish, found by architecture search",
    .source = "Howard et al.: Searching for MobileNetV3, ICCV 2019, https://arxiv.org/abs/1905.02244",
    .build = build_mobilenet_v3,
}};

}  // namespace
}  // namespace segbench::architectures::mobilenet_v3
