// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = weighting_params();
  params.push_back(
      {.name = "clip",
       .types = core::kNumber,
       .default_value = 0.0,
       .help = "probabilities are clipped to [clip, 1 - clip] before the logarithm, without gradient "
               "outside; Keras does so with 1e-7 when it is fed probabilities",
       .minimum = 0.0,
       .maximum = 0.5,
       .exclusive_maximum = true});
  return params;
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "cross_entropy",
     .summary = "cross-entropy of a softmax over the classes, from logits",
     .source = "Keras categorical_crossentropy; torch.nn.CrossEntropyLoss",
     .params = params(),
     .traits = {{"head", "softmax"}},
     .check = check_class_weights}};

}  // namespace
}  // namespace segbench::losses
