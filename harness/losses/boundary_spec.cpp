// SPDX-License-Identifier: MIT
#include "harness/losses/region_spec.h"
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "boundary",
     .summary = "boundary loss: probabilities times the signed distance to the border of their class, in "
                "pixels; below 0 where all is right. To be added to a loss of regions such as dice",
     .source = "Kervadec et al., MIDL 2019; Medical Image Analysis 67, 2021",
     .params = class_mean_params(),
     .traits = {{"over", "images"}, {"fused", false}},
     .param_traits = head_trait,
     .check = check_class_mean}};

}  // namespace
}  // namespace segbench::losses
