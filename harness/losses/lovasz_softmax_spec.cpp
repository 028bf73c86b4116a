// SPDX-License-Identifier: MIT
#include "harness/losses/lovasz_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = class_mean_params();
  params.push_back(lovasz_over_param());
  return params;
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "lovasz_softmax",
     .summary = "Lovász-softmax: convex extension of the Jaccard loss",
     .source = "Berman, Rannen Triki and Blaschko, CVPR 2018 (over = \"image\": their per_image)",
     .params = params(),
     .traits = {{"fused", false}},
     .param_traits =
         [](const core::Json& params) {
           core::Json traits = lovasz_traits(params);
           traits.update(head_trait(params));
           return traits;
         },
     .check = check_class_mean}};

}  // namespace
}  // namespace segbench::losses
