// SPDX-License-Identifier: MIT
#include "architectures/networks/blocks.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

namespace segbench::architectures {

Value conv_relu(const Layers& at, std::string_view name, Value x, const Conv2d& conv) {
  return at.relu(at.conv2d(name, x, conv));
}

Value conv_bn_relu(const Build& build, const Layers& at, Value x, const Conv2d& conv) {
  x = at.conv2d("conv", x, conv);
  x = at.batch_norm("bn", x, build.batch_norm());
  return at.relu("relu", x);
}

Value preactivated_conv(const Build& build, const Layers& at, Value x, const Conv2d& conv,
                        double dropout_rate) {
  x = at.batch_norm("bn", x, build.batch_norm());
  x = at.relu("relu", x);
  x = at.conv2d("conv", x, conv);
  return dropout_rate > 0 ? at.dropout("dropout", x, dropout_rate) : x;
}

Value basic_residual_block(const Build& build, const Layers& at, Value x, std::int64_t filters, int stride,
                           int dilation) {
  const Conv2d conv{.filters = filters, .dilation = dilation, .bias = false, .init = Init::kHeNormal};
  Conv2d first = conv;
  first.stride = stride;
  Value residual = at.relu("relu1", at.batch_norm("bn1", at.conv2d("conv1", x, first), build.batch_norm()));
  residual = at.batch_norm("bn2", at.conv2d("conv2", residual, conv), build.batch_norm());
  Value shortcut = x;
  if (stride != 1 || at.shape(x).channels != filters) {
    const Conv2d project{
        .filters = filters, .kernel = 1, .stride = stride, .bias = false, .init = Init::kHeNormal};
    shortcut = at.batch_norm("shortcut_bn", at.conv2d("shortcut_conv", x, project), build.batch_norm());
  }
  return at.relu("relu2", at.add("add", residual, shortcut));
}

Conv2d bare_conv(std::int64_t filters, int kernel, int dilation) {
  return {.filters = filters, .kernel = kernel, .dilation = dilation, .bias = false, .init = Init::kHeNormal};
}

Value double_conv(const Build& build, const Layers& at, Value x, std::int64_t filters) {
  x = conv_bn_relu(build, at.in("conv1"), x, bare_conv(filters));
  return conv_bn_relu(build, at.in("conv2"), x, bare_conv(filters));
}

Value separable_conv_bn_relu(const Build& build, const Layers& at, Value x, std::int64_t filters,
                             int dilation) {
  Conv2d depthwise = bare_conv(at.shape(x).channels, 3, dilation);
  depthwise.groups = depthwise.filters;
  x = at.conv2d("depthwise", x, depthwise);
  x = at.conv2d("pointwise", x, bare_conv(filters, 1));
  return at.relu("relu", at.batch_norm("bn", x, build.batch_norm()));
}

Value pyramid_pooling(const Build& build, const Layers& at, Value x, std::int64_t filters) {
  std::vector<Value> parts = {x};
  for (const int bins : {1, 2, 3, 6}) {
    const Layers level = at.in("pyramid" + std::to_string(bins));
    const Value pooled = level.adaptive_avg_pool("pool", x, bins);
    parts.push_back(level.upsample_like("up", conv_bn_relu(build, level, pooled, bare_conv(filters, 1)), x,
                                        Resize::kBilinear));
  }
  return at.concat("concat", parts);
}

Value upsample_to(const Layers& at, Value x, Value like, Resize mode) {
  return exists(like) ? at.upsample_like("up", x, like, mode) : at.upsample("up", x, 2, mode);
}

Value join(const Layers& at, Value x, Value like, const std::vector<Value>& skips) {
  std::vector<Value> parts = {upsample_to(at, x, like, Resize::kNearest)};
  std::copy_if(skips.begin(), skips.end(), std::back_inserter(parts), exists);
  return parts.size() > 1 ? at.concat("concat", parts) : parts[0];
}

std::vector<std::int64_t> decoder_channels(const Build& build) {
  static const std::map<std::string, std::vector<int>> kWidths = {
      {"small", {64, 64, 32, 32, 16}},
      {"medium", {128, 96, 64, 32, 16}},
      {"full", {256, 128, 64, 32, 16}},
  };
  std::vector<std::int64_t> channels;
  for (const int width : kWidths.at(build.size)) channels.push_back(build.channels(width));
  return channels;
}

Value unet_on_encoder(const Build& build, Value image, const DecoderStage& stage) {
  const Features features = encode(build, image);
  const std::vector<std::int64_t> channels = decoder_channels(build);
  Value x = features.last();
  for (std::size_t i = 0; i < 5; ++i) {
    const Layers at = build.net.in("decoder" + std::to_string(i + 1));
    x = i < 4 ? join(at, x, features.maps[3 - i], {features.maps[3 - i]}) : join(at, x, image, {});
    x = stage(at, x, channels[i]);
  }
  return x;
}

}  // namespace segbench::architectures
