// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "cosine_similarity",
     .summary = "minus the cosine of the angle between truth and probabilities, from -1 (best) to 0",
     .source = "Keras cosine_similarity",
     .params = weighting_params(),
     .traits = {{"head", "softmax"}, {"over", "pixels"}, {"fused", false}},
     .check = check_class_weights}};

}  // namespace
}  // namespace segbench::losses
