// SPDX-License-Identifier: MIT
#include "architectures/graph/ops.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "architectures/graph/overloaded.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

std::vector<TensorSpec> with_bias(TensorSpec weight, bool bias, std::int64_t filters) {
  const bool uniform = weight.init == Init::kTorchUniform;
  const std::int64_t fan_in = weight.fan_in;
  std::vector<TensorSpec> tensors = {std::move(weight)};
  if (bias) tensors.push_back({"bias", {filters}, uniform ? Init::kTorchUniform : Init::kZeros, fan_in});
  return tensors;
}

std::vector<TensorSpec> scale_and_shift(std::int64_t channels) {
  return {{"weight", {channels}, Init::kOnes}, {"bias", {channels}, Init::kZeros}};
}

}  // namespace

std::int64_t TensorSpec::numel() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::string_view kind_of(const Op& op) {
  return std::visit(Overloaded{[](const Input&) { return "input"; },
                               [](const Conv2d&) { return "conv"; },
                               [](const ConvTranspose2d&) { return "conv_transpose"; },
                               [](const BatchNorm&) { return "batch_norm"; },
                               [](const LayerNorm&) { return "layer_norm"; },
                               [](const GroupNorm&) { return "group_norm"; },
                               [](const Activation&) { return "activation"; },
                               [](const MaxPool&) { return "max_pool"; },
                               [](const MaxUnpool&) { return "max_unpool"; },
                               [](const AvgPool&) { return "avg_pool"; },
                               [](const AdaptiveAvgPool&) { return "avg_pool"; },
                               [](const PyramidAvgPool&) { return "avg_pool"; },
                               [](const Upsample&) { return "upsample"; },
                               [](const Dropout&) { return "dropout"; },
                               [](const DropPath&) { return "drop_path"; },
                               [](const Add&) { return "add"; },
                               [](const Multiply&) { return "multiply"; },
                               [](const Attention&) { return "attention"; },
                               [](const Concat&) { return "concat"; },
                               [](const ZeroPad&) { return "pad"; },
                               [](const PadToMultiple&) { return "pad"; },
                               [](const CropLike&) { return "crop"; }},
                    op);
}

std::string_view to_string(Init init) {
  switch (init) {
    case Init::kZeros:
      return "zeros";
    case Init::kOnes:
      return "ones";
    case Init::kGlorotUniform:
      return "glorot_uniform";
    case Init::kHeNormal:
      return "he_normal";
    case Init::kHeUniform:
      return "he_uniform";
    case Init::kHeNormalFanOut:
      return "he_normal_fan_out";
    case Init::kTorchUniform:
      return "torch_uniform";
    case Init::kNormal002:
      return "normal_0.02";
  }
  throw core::InternalError("an unknown initialisation");
}

std::vector<TensorSpec> tensors_of(const Op& op, const Shape& input) {
  const std::int64_t channels = input.channels;
  return std::visit(
      Overloaded{
          [&](const Conv2d& conv) {
            const std::int64_t area = std::int64_t{conv.kernel} * conv.kernel, in = channels / conv.groups;
            return with_bias({"weight",
                              {conv.filters, in, conv.kernel, conv.kernel},
                              conv.init,
                              in * area,
                              conv.filters * area},
                             conv.bias, conv.filters);
          },
          [&](const ConvTranspose2d& conv) {
            // Keras keeps the kernel as [k, k, out, in] and takes the last but one axis as fan-in, whatever
            // it means.
            const std::int64_t area = std::int64_t{conv.kernel} * conv.kernel;
            return with_bias({"weight",
                              {channels, conv.filters, conv.kernel, conv.kernel},
                              conv.init,
                              conv.filters * area,
                              channels * area},
                             conv.bias, conv.filters);
          },
          [&](const BatchNorm& norm) {
            std::vector<TensorSpec> tensors = {{"weight", {channels}, Init::kOnes},
                                               {"bias", {channels}, Init::kZeros},
                                               {"running_mean", {channels}, Init::kZeros, 1, 1, false},
                                               {"running_var", {channels}, Init::kOnes, 1, 1, false}};
            if (!norm.scale) tensors.erase(tensors.begin());
            return tensors;
          },
          [&](const LayerNorm&) { return scale_and_shift(channels); },
          [&](const GroupNorm&) { return scale_and_shift(channels); },
          [](const auto&) { return std::vector<TensorSpec>{}; },
      },
      op);
}

std::int64_t macs_of(const Op& op, std::span<const Shape> inputs, const Shape& output) {
  const auto pixels = [](const Shape& shape) { return shape.height * shape.width; };
  if (std::holds_alternative<Conv2d>(op)) return pixels(output) * tensors_of(op, inputs[0])[0].numel();
  if (std::holds_alternative<ConvTranspose2d>(op)) {
    return pixels(inputs[0]) * tensors_of(op, inputs[0])[0].numel();
  }
  if (std::holds_alternative<Attention>(op)) return 2 * pixels(inputs[0]) * inputs[1].values();
  return 0;
}

std::int64_t inner_values_of(const Op& op, std::span<const Shape> inputs) {
  const auto* attention = std::get_if<Attention>(&op);
  if (attention == nullptr) return 0;
  return attention->heads * inputs[0].height * inputs[0].width * inputs[1].height * inputs[1].width;
}

Pads same_padding(std::int64_t size, int kernel, int stride, int dilation) {
  const std::int64_t extent = std::int64_t{dilation} * (kernel - 1) + 1;
  const std::int64_t total =
      std::max<std::int64_t>(0, (divide_up(size, stride) - 1) * stride + extent - size);
  return {total / 2, total - total / 2};
}

Pads padding_of(Padding padding, std::int64_t size, int kernel, int stride, int dilation) {
  switch (padding) {
    case Padding::kValid:
      return {};
    case Padding::kSame:
      return same_padding(size, kernel, stride, dilation);
    case Padding::kTorch: {
      const std::int64_t side = std::int64_t{dilation} * (kernel - 1) / 2;
      return {side, side};
    }
  }
  throw core::InternalError("an unknown padding");
}

Pads transpose_cropping(int kernel, int stride) {
  const std::int64_t total = kernel - stride;
  return {total / 2, total - total / 2};
}

std::int64_t padding_to_multiple(std::int64_t size, int multiple) {
  return divide_up(size, multiple) * multiple - size;
}

int pyramid_window(std::int64_t size, int bins) {
  const double window =
      std::nearbyint(static_cast<double>(size) / bins);  // default rounding mode: half to even
  return std::max(1, static_cast<int>(window));
}

}  // namespace segbench::architectures
