// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = -(y . p) / (|y| |p|), with |p|^2 bounded below by 1e-12.

namespace segbench::losses::cosine_similarity {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json&) {
  return -(y * p).sum(1) / p.square().sum(1).clamp_min(1e-12).sqrt();
}

const LossFactory::Registration registered{"cosine_similarity",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::cosine_similarity
