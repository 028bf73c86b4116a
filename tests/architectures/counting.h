// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>

#include "architectures/networks/network.h"

// The textbook's parameter counts, to state a network's by hand, independently of its description.

namespace segbench::architectures::tests {

/// Weights of a convolution without bias.
constexpr std::int64_t conv(std::int64_t in, std::int64_t out, std::int64_t kernel) {
  return in * out * kernel * kernel;
}
constexpr std::int64_t biased_conv(std::int64_t in, std::int64_t out, std::int64_t kernel) {
  return conv(in, out, kernel) + out;
}
/// Weight and bias of a normalisation.
constexpr std::int64_t norm(std::int64_t channels) {
  return 2 * channels;
}
constexpr std::int64_t conv_norm(std::int64_t in, std::int64_t out, std::int64_t kernel) {
  return conv(in, out, kernel) + norm(out);
}
/// Two 3x3 convolutions with normalisation.
constexpr std::int64_t double_conv(std::int64_t in, std::int64_t out) {
  return conv_norm(in, out, 3) + conv_norm(out, out, 3);
}
/// 3x3 on each channel, 1x1 over them, normalisation.
constexpr std::int64_t separable_conv(std::int64_t in, std::int64_t out) {
  return 9 * in + conv_norm(in, out, 1);
}

// torchvision's networks without their classifiers.
constexpr std::int64_t kResNet34 = 21284672, kResNet50 = 23508032, kVgg16 = 14714688,
                       kVgg16BatchNorm = 14723136;

inline NetworkSummary summary_of(const std::string& architecture, const std::string& size, int classes,
                                 const core::Json& params = core::Json::object()) {
  return summarise({.architecture = architecture, .size = size, .num_outputs = classes, .params = params});
}

inline const LayerRow& row_of(const NetworkSummary& summary, const std::string& name) {
  for (const LayerRow& row : summary.layers) {
    if (row.name == name) return row;
  }
  throw std::runtime_error("no layer " + name);
}

inline bool has_row(const NetworkSummary& summary, const std::string& name) {
  for (const LayerRow& row : summary.layers) {
    if (row.name == name) return true;
  }
  return false;
}

/// {height, width, channels} of a layer's output.
inline std::array<std::int64_t, 3> output_of(const NetworkSummary& summary, const std::string& name) {
  return row_of(summary, name).output_shape;
}

}  // namespace segbench::architectures::tests
