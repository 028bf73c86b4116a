// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "categorical_hinge",
     .summary = "by how much the largest probability of a wrong class comes close to that of the right one",
     .source = "Keras categorical_hinge",
     .params = weighting_params(),
     .traits = {{"head", "softmax"}, {"over", "pixels"}, {"fused", false}},
     .check = check_class_weights}};

}  // namespace
}  // namespace segbench::losses
