// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "lovasz_hinge",
     .summary = "Lovász hinge of class 1: convex extension of the Jaccard loss on one logit, of each image",
     .source = "Yu and Blaschko, ICML 2015; Berman, Rannen Triki and Blaschko, CVPR 2018 (per_image)",
     .traits = {{"head", "sigmoid"}, {"over", "images"}, {"fused", false}},
     .check = check_two_classes}};

}  // namespace
}  // namespace segbench::losses
