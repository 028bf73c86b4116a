// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = weighting_params();
  params.push_back({.name = "clip",
                    .types = core::kNumber,
                    .default_value = 0.0,
                    .help = "clip probabilities to [clip, 1 - clip] and add clip inside the logarithm, as "
                            "Keras does with 1e-7 when given probabilities; zero gradient outside",
                    .minimum = 0.0,
                    .maximum = 0.5,
                    .exclusive_maximum = true});
  return params;
}

std::vector<core::PartProblem> check(const core::Json& params, const core::Json& variant) {
  std::vector<core::PartProblem> problems = check_class_weights(params, variant);
  const auto classes = known_num_classes(variant);
  if (classes && *classes != 2) {
    problems.push_back(
        {".name", fmt::format("binary_cross_entropy is for 2 classes, but the data have {}; use "
                              "cross_entropy",
                              *classes)});
  }
  return problems;
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kLoss,
     .name = "binary_cross_entropy",
     .summary = "sigmoid cross-entropy of one logit, for two classes",
     .source = "Keras binary_crossentropy; torch.nn.BCEWithLogitsLoss (pos_weight w: class_weights = [1, w], "
               "weight_normalisation = \"pixels\")",
     .params = params(),
     .traits = {{"head", "sigmoid"}, {"over", "pixels"}, {"fused", true}},
     .check = check}};

}  // namespace
}  // namespace segbench::losses
