// SPDX-License-Identifier: MIT
#include <algorithm>

#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

std::vector<core::PartProblem> check(const core::Json& params, const core::Json& variant) {
  std::vector<core::PartProblem> problems = check_head_and_weights(params, variant);
  for (core::PartProblem& problem : problems) {
    if (problem.key == ".head")
      problem.message += "; use cross_entropy, or head = \"sigmoid_per_class\" or \"softmax\"";
  }
  if (params.at("head") == "softmax" && params.at("label_smoothing") != 0)
    problems.push_back({".label_smoothing", "is for a sigmoid head; with a softmax head it must be 0"});
  return problems;
}

core::PartSpec spec() {
  core::PartSpec spec = pixel_loss_spec(
      "binary_cross_entropy",
      "sigmoid cross-entropy of one logit, for two classes; of a softmax head, the mean over the classes of "
      "each one's against all others",
      "Keras binary_crossentropy; torch.nn.BCEWithLogitsLoss (pos_weight w: class_weights = [1, w], "
      "weight_normalisation = \"pixels\")",
      {{.name = "clip",
        .types = core::kNumber,
        .default_value = 0.0,
        .help =
            "clip probabilities to [clip, 1 - clip] and add clip inside the logarithm, as Keras does with "
            "1e-7 when given probabilities; zero gradient outside",
        .minimum = 0.0,
        .maximum = 0.5,
        .exclusive_maximum = true},
       label_smoothing_param("how far targets 0 and 1 are moved to 1/2, as a share of it")});
  const auto head = std::find_if(spec.params.begin(), spec.params.end(),
                                 [](const core::ParamSpec& param) { return param.name == "head"; });
  head->default_value = "sigmoid";
  spec.check = check;
  return spec;
}

const core::PartRegistration registered{spec()};

}  // namespace
}  // namespace segbench::losses
