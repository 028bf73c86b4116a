// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "log_cosh",
     .summary = "logarithm of the hyperbolic cosine of the error of the probabilities",
     .source = "Keras log_cosh",
     .params = probability_params(),
     .traits = {{"over", "pixels"}, {"fused", false}},
     .param_traits = head_trait,
     .check = check_head_and_weights}};

}  // namespace
}  // namespace segbench::losses
