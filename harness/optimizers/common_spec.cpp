// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

#include <utility>

namespace segbench::optimizers {
namespace {

core::ParamSpec beta(const char* name, double value, const char* help) {
  return {.name = name,
          .types = core::kNumber,
          .default_value = value,
          .help = help,
          .minimum = 0.0,
          .maximum = 1.0,
          .exclusive_maximum = true};
}

}  // namespace

std::vector<core::ParamSpec> optimizer_params(double learning_rate, std::vector<core::ParamSpec> own) {
  std::vector<core::ParamSpec> params = {
      {.name = "learning_rate",
       .types = core::kNumber,
       .default_value = learning_rate,
       .help = "initial learning rate",
       .minimum = 0.0,
       .maximum = std::nullopt,
       .exclusive_minimum = true},
      {.name = "decay",
       .types = core::kNumber,
       .default_value = 0.0,
       .help = "Keras' time-based decay: step t = 0, 1, 2, … uses learning_rate / (1 + decay t)",
       .minimum = 0.0,
       .maximum = std::nullopt},
      {.name = "convention",
       .types = core::kString,
       .default_value = "keras",
       .help = "which rule to follow where Keras and PyTorch differ: the place of epsilon, and whether the "
               "velocity includes the learning rate",
       .minimum = std::nullopt,
       .maximum = std::nullopt,
       .choices = {"keras", "torch"}}};
  for (core::ParamSpec& param : own) params.push_back(std::move(param));
  return params;
}

std::vector<core::ParamSpec> moment_params() {
  return {beta("beta1", 0.9, "decay rate of the first moment"),
          beta("beta2", 0.999, "decay rate of the second moment (Adam) or the infinity norm (Adamax)"),
          {.name = "epsilon",
           .types = core::kNumber,
           .default_value = core::Json(),
           .help = "added to the denominator for numerical stability; default: 1e-7 in the Keras convention, "
                   "1e-8 in PyTorch's",
           .minimum = 0.0,
           .maximum = std::nullopt,
           .exclusive_minimum = true,
           .when_null = [](const core::Json& params, const core::Json&) {
             return params.at("convention") == "keras" ? 1e-7 : 1e-8;
           }}};
}

}  // namespace segbench::optimizers
