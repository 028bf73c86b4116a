// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{{.kind = core::PartKind::kLoss,
                                         .name = "poisson",
                                         .summary = "negative log-likelihood of a Poisson distribution",
                                         .source = "Keras poisson",
                                         .params = probability_params(),
                                         .traits = {{"over", "pixels"}, {"fused", false}},
                                         .param_traits = head_trait,
                                         .check = check_head_and_weights}};

}  // namespace
}  // namespace segbench::losses
