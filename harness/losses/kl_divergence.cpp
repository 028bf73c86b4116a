// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = sum_c y ln(y / p) with y and p clipped to [1e-7, 1], as Keras does.

namespace segbench::losses::kl_divergence {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  const Tensor clipped = y.clamp(1e-7, 1);
  return (clipped * (clipped / p.clamp(1e-7, 1)).log()).sum(1);
}

const LossFactory::Registration registered{"kl_divergence",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::kl_divergence
