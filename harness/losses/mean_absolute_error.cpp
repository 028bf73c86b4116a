// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c |p - y|.

namespace segbench::losses::mean_absolute_error {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  return (p - y).abs().mean(1);
}

const LossFactory::Registration registered{"mean_absolute_error",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::mean_absolute_error
