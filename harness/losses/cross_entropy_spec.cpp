// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = weighting_params();
  params.push_back({.name = "clip",
                    .types = core::kNumber,
                    .default_value = 0.0,
                    .help = "clip probabilities to [clip, 1 - clip] before the logarithm, with zero gradient "
                            "outside; Keras does so with 1e-7 when given probabilities",
                    .minimum = 0.0,
                    .maximum = 0.5,
                    .exclusive_maximum = true});
  return params;
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "cross_entropy",
     .summary = "softmax cross-entropy over the classes",
     .source = "Keras categorical_crossentropy; torch.nn.CrossEntropyLoss",
     .params = params(),
     .traits = {{"head", "softmax"}, {"over", "pixels"}, {"fused", true}},
     .check = check_class_weights}};

}  // namespace
}  // namespace segbench::losses
