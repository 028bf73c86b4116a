// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c max(0, 1 - t p)^2 with t = 1 where y = 1 and -1 elsewhere.

namespace segbench::losses::squared_hinge {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  return torch::relu(1 - (2 * y - 1) * p).square().mean(1);
}

const LossFactory::Registration registered{"squared_hinge",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::squared_hinge
