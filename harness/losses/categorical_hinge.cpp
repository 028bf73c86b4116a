// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = max(0, 1 + max_c (1 - y) p - sum_c y p).

namespace segbench::losses::categorical_hinge {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  return torch::relu(1 + ((1 - y) * p).amax(1) - (y * p).sum(1));
}

const LossFactory::Registration registered{"categorical_hinge",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::categorical_hinge
