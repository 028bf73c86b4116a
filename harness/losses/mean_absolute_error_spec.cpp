// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{{.kind = core::PartKind::kLoss,
                                         .name = "mean_absolute_error",
                                         .summary = "mean absolute error of the probabilities",
                                         .source = "Keras mean_absolute_error",
                                         .params = probability_params(),
                                         .traits = {{"over", "pixels"}, {"fused", false}},
                                         .param_traits = head_trait,
                                         .check = check_head_and_weights}};

}  // namespace
}  // namespace segbench::losses
