// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = probability_params();
  params.push_back({.name = "gamma",
                    .types = core::kNumber,
                    .default_value = 2.0,
                    .help =
                        "exponent of 1 - p: how much less a pixel counts whose class is predicted well; 0 "
                        "is the cross-entropy",
                    .minimum = 0.0});
  params.push_back({.name = "clip",
                    .types = core::kNumber,
                    .default_value = 0.0,
                    .help =
                        "clip probabilities to [clip, 1 - clip], with zero gradient outside, as Keras does "
                        "with 1e-7; with a sigmoid head only inside the logarithm, which adds clip",
                    .minimum = 0.0,
                    .maximum = 0.5,
                    .exclusive_maximum = true});
  return params;
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "focal",
     .summary = "focal loss: cross-entropy times (1 - p)^gamma",
     .source = "Lin et al., ICCV 2017 (alpha: class_weights = [1 - alpha, alpha]); Keras "
               "categorical_focal_crossentropy and binary_focal_crossentropy (weight_normalisation = "
               "\"pixels\")",
     .params = params(),
     .traits = {{"over", "pixels"}, {"fused", true}},
     .param_traits = head_trait,
     .check = check_head_and_weights}};

}  // namespace
}  // namespace segbench::losses
