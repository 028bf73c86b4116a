// SPDX-License-Identifier: MIT
#include "harness/losses/lovasz_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = class_mean_params();
  std::erase_if(params, [](const core::ParamSpec& param) { return param.name == "head"; });
  for (core::ParamSpec& param : params) {
    if (param.name != "include_background") continue;
    param.default_value = false;
    param.help = "whether class 0 is among these classes, not class 1 alone";
    param.when_null = {};
  }
  params.push_back(lovasz_over_param());
  return params;
}

core::Json with_head(core::Json params) {
  params["head"] = "sigmoid";
  return params;
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "lovasz_hinge",
     .summary = "Lovász hinge: convex extension of the Jaccard loss on one logit",
     .source = "Yu and Blaschko, ICML 2015; Berman, Rannen Triki and Blaschko, CVPR 2018 (over = \"image\": "
               "their per_image)",
     .params = params(),
     .traits = {{"head", "sigmoid"}, {"fused", false}},
     .param_traits = lovasz_traits,
     .check = [](const core::Json& params, const core::Json& variant) {
       std::vector<core::PartProblem> problems = check_class_mean(with_head(params), variant);
       for (core::PartProblem& problem : problems) {
         if (problem.key == ".head") problem.key = ".name";
       }
       return problems;
     }}};

}  // namespace
}  // namespace segbench::losses
