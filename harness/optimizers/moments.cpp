// SPDX-License-Identifier: MIT
#include "harness/optimizers/moments.h"

#include <cmath>

namespace segbench::optimizers {

MomentOptimizer::MomentOptimizer(const core::Json& params, const NamedTensors& parameters)
    : Optimizer(parameters, params, {"first_moment", "second_moment"}),
      beta1_(params.at("beta1")),
      beta2_(params.at("beta2")),
      epsilon_(params.at("epsilon")) {}

MomentOptimizer::Corrections MomentOptimizer::corrections() const {
  const auto k = static_cast<double>(updates() + 1);
  return {.first = -std::expm1(k * std::log(beta1_)), .root2 = std::sqrt(-std::expm1(k * std::log(beta2_)))};
}

}  // namespace segbench::optimizers
