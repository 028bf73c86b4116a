// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = s (1 - (I + s) / (S - I + s)) = s (S - 2 I) / (S - I + s) with I = sum_c y p and S = sum_c (y + p).

namespace segbench::losses::jaccard_distance {
namespace {

using torch::Tensor;

Tensor values(const Tensor& p, const Tensor& y, const core::Json& params) {
  const double smooth = params.at("smooth");
  const Tensor hits = (y * p).sum(1), both = (y + p).sum(1);
  return smooth * (both - 2 * hits) / (both - hits + smooth);
}

const LossFactory::Registration registered{"jaccard_distance",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(values, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::jaccard_distance
