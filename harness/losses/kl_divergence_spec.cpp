// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "kl_divergence",
     .summary = "Kullback-Leibler divergence of the truth from the probabilities, clipped as in Keras",
     .source = "Keras kl_divergence; Kullback and Leibler, 1951",
     .params = weighting_params(),
     .traits = {{"head", "softmax"}, {"over", "pixels"}, {"fused", false}},
     .check = check_class_weights}};

}  // namespace
}  // namespace segbench::losses
