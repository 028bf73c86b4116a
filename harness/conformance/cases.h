// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

#include "harness/conformance/compare.h"

namespace segbench::conformance {

/// What a case computes on a device.
struct Computed {
  Tensors values, gradients;
};

/// A part with its settings.
struct Case {
  const char* kind;  ///< "networks", "losses", "optimizers"
  std::string part;  ///< its registered name
  std::string name;  ///< with its settings
  std::function<Computed(torch::Device device, torch::ScalarType type)> compute;
};

std::vector<Case> every_case();

}  // namespace segbench::conformance
