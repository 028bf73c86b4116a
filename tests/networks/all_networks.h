// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "architectures/torch/network.h"
#include "harness/core/part.h"

namespace segbench::architectures::tests {

/// Every size of every registered architecture, narrow enough to be quick: a new one is tested without
/// editing a test.
inline std::vector<NetworkOptions> all_networks() {
  std::vector<NetworkOptions> all;
  for (const std::string& name : core::PartRegistry::instance().names(core::PartKind::kArchitecture)) {
    for (const std::string& size : sizes_of(name)) {
      all.push_back({.architecture = name,
                     .size = size,
                     .width = size == "published" ? 1.0 / 32 : 1.0 / 8,
                     .in_channels = 3,
                     .num_outputs = 5,
                     .image_height = 64,
                     .image_width = 64});
    }
  }
  return all;
}

/// Images with values like normalised photographs', always the same ones.
inline torch::Tensor images(std::int64_t n, const NetworkOptions& options) {
  const auto count = n * options.in_channels * options.image_height * options.image_width;
  const torch::Tensor ramp = torch::arange(count, torch::kFloat64);
  return torch::sin(ramp * 12.9898)
      .mul(43758.5453)
      .frac()
      .to(torch::kFloat32)
      .view({n, options.in_channels, options.image_height, options.image_width});
}

/// A number that depends on every logit differently, to differentiate.
inline torch::Tensor scalar_of(const torch::Tensor& logits) {
  const torch::Tensor weights = torch::cos(torch::arange(logits.numel(), logits.options()) * 0.37);
  return (logits.reshape({-1}) * weights).sum();
}

inline std::string name_of(const NetworkOptions& options) {
  return options.architecture + "_" + options.size;
}

}  // namespace segbench::architectures::tests
