// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = probability_params();
  params.push_back({.name = "smooth",
                    .types = core::kNumber,
                    .default_value = 100.0,
                    .help = "added above and below the fraction line, and what the distance is multiplied by",
                    .minimum = 0.0,
                    .exclusive_minimum = true});
  return params;
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "jaccard_distance",
     .summary = "Jaccard distance of the classes of single pixels, smoothed and scaled",
     .source = "keras-contrib jaccard_distance (smooth = 100)",
     .params = params(),
     .traits = {{"over", "pixels"}, {"fused", false}},
     .param_traits = head_trait,
     .check = check_head_and_weights}};

}  // namespace
}  // namespace segbench::losses
