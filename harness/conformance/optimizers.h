// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <vector>

#include "harness/optimizers/optimizer.h"

namespace segbench::conformance {

/// Every registered optimizer in both conventions, with each parameter on which its memory depends (the trait
/// "state_per_parameter") and each of its flags.
std::vector<core::PartChoice> every_optimizer();

/// A convolution's weights, large enough for several threads and strided as channels-last, and a bias, with
/// gradients towards a target. Always the same.
struct DescentProblem {
  torch::Tensor weights, bias, target;

  explicit DescentProblem(torch::ScalarType type = torch::kFloat, torch::Device device = torch::kCPU);
  optimizers::NamedTensors parameters() const { return {{"weights", weights}, {"bias", bias}}; }
  void step(optimizers::Optimizer& optimizer) const;
};

}  // namespace segbench::conformance
