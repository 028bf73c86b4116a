// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c (p - y ln(p + 1e-7)).

namespace segbench::losses::poisson {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  return (p - y * (p + 1e-7).log()).mean(1);
}

const LossFactory::Registration registered{"poisson",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::poisson
