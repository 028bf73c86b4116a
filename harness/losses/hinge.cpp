// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c max(0, 1 - t p) with t = 1 where y = 1 and -1 elsewhere.

namespace segbench::losses::hinge {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  return torch::relu(1 - (2 * y - 1) * p).mean(1);
}

const LossFactory::Registration registered{"hinge", [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::hinge
