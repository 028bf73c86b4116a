// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{{.kind = core::PartKind::kLoss,
                                         .name = "mean_squared_error",
                                         .summary = "mean squared error of the probabilities",
                                         .source = "Keras mean_squared_error; Brier score (1950)",
                                         .params = probability_params(),
                                         .traits = {{"over", "pixels"}, {"fused", false}},
                                         .param_traits = head_trait,
                                         .check = check_head_and_weights}};

}  // namespace
}  // namespace segbench::losses
