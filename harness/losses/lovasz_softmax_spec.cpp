// SPDX-License-Identifier: MIT
#include "harness/losses/region_spec.h"
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "lovasz_softmax",
     .summary = "Lovász-softmax: convex extension of the Jaccard loss, of each image",
     .source =
         "Berman, Rannen Triki and Blaschko, CVPR 2018 (per_image; over a whole batch it is no function "
         "of sums over images)",
     .params = class_mean_params(),
     .traits = {{"over", "images"}, {"fused", false}},
     .param_traits = head_trait,
     .check = check_class_mean}};

}  // namespace
}  // namespace segbench::losses
