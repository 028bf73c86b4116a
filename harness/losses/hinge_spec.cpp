// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{{.kind = core::PartKind::kLoss,
                                         .name = "hinge",
                                         .summary = "hinge loss of the probabilities, with targets 1 and -1",
                                         .source = "Keras hinge",
                                         .params = probability_params(),
                                         .traits = {{"over", "pixels"}, {"fused", false}},
                                         .param_traits = head_trait,
                                         .check = check_head_and_weights}};

}  // namespace
}  // namespace segbench::losses
