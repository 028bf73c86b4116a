// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/losses/probability_loss.h"

// v = mean_c ln cosh(p - y), as d + ln(1 + exp(-2 d)) - ln 2.

namespace segbench::losses::log_cosh {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  const Tensor error = p - y;
  return (error + torch::softplus(-2 * error) - std::log(2.0)).mean(1);
}

const LossFactory::Registration registered{"log_cosh",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::log_cosh
