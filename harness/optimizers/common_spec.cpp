// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

#include <fmt/format.h>

#include <utility>

namespace segbench::optimizers {
namespace {

/// 1e-7, not 1e-07.
std::string short_number(double value) {
  std::string text = fmt::format("{}", value);
  if (const std::size_t zero = text.find("e-0"); zero != std::string::npos) text.erase(zero + 2, 1);
  return text;
}

}  // namespace

core::ParamSpec beta_param(const std::string& name, double value, const std::string& help) {
  return {.name = name,
          .types = core::kNumber,
          .default_value = value,
          .help = help,
          .minimum = 0.0,
          .maximum = 1.0,
          .exclusive_maximum = true};
}

core::ParamSpec by_convention(const std::string& name, double keras, double torch, const std::string& help) {
  return {.name = name,
          .types = core::kNumber,
          .default_value = core::Json(),
          .help = fmt::format("{}; default: {} in the Keras convention, {} in PyTorch's", help,
                              short_number(keras), short_number(torch)),
          .minimum = 0.0,
          .when_null = [=](const core::Json& params, const core::Json&) {
            return params.at("convention") == "keras" ? keras : torch;
          }};
}

core::ParamSpec epsilon_param(double keras, double torch) {
  core::ParamSpec param =
      by_convention("epsilon", keras, torch, "added to the denominator for numerical stability");
  param.exclusive_minimum = true;
  return param;
}

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
  return {beta_param("beta1", 0.9, "decay rate of the first moment"),
          beta_param("beta2", 0.999, "decay rate of the second moment (Adam) or the infinity norm (Adamax)"),
          epsilon_param(1e-7, 1e-8)};
}

}  // namespace segbench::optimizers
