// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <functional>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::conformance {

/// What is checked of a device.
struct Request {
  torch::Device device = torch::kCPU;
  std::vector<std::string> only = {};  ///< "networks", "losses", "optimizers" or names of parts; empty: all
  int share = 1, shares = 1;           ///< the 1st of 4 takes every fourth case
  std::function<void(const std::string& line)> tell = [](const std::string&) {};  ///< of each failure
};

/// How far a device may be from the CPU in double precision (distance()).
struct Tolerance {
  double values, gradients;
};
/// In double precision only the order of sums differs. In single precision a rounding that takes a value to
/// the other side of a ReLU, a maximum or a rank moves a gradient by a whole step; the tensor cores' TF32 is
/// off by ten times as much as `values` allows.
inline constexpr Tolerance kDoubleTolerance{1e-6, 1e-6}, kSingleTolerance{1e-4, 2e-2};
/// In single precision a device may be as many times as far away as the CPU itself is, where that is more.
inline constexpr double kTimesCpu = 20;

/// Lets every registered network (forward in evaluation and, where nothing is drawn, in training mode,
/// moving statistics, gradients), loss (value, gradient) and optimizer (three updates: weights and state)
/// compute on the device, in single and double precision, and compares with the CPU's double precision:
///
///   {"device", "times_cpu", "tolerances": {"float32": {"values", "gradients"}, "float64": {…}},
///    "checked": {"networks", "losses", "optimizers"},
///    "worst": [{"kind", "precision", "what", "name", "error", "cpu_error", "allowed"}, …],
///    "failures": [the same, or {"kind", "name", "message"} where it threw, …], "seconds"}
///
/// "worst" has for each kind, precision and "what" the case that used most of what it is allowed. Throws
/// core::UserError for a word of `only` that fits nothing.
core::Json check_device(const Request& request);

}  // namespace segbench::conformance
