// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"
#include "harness/core/class_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace segbench::losses {

core::ParamSpec class_weights_param(const std::string& help) {
  return {.name = "class_weights",
          .types = core::kString | core::kNumberList,
          .default_value = "none",
          .help = help,
          .minimum = 0.0,
          .maximum = std::nullopt,
          .choices = {"none", "inverse_frequency", "balanced_all_classes", "median_frequency", "enet",
                      "neg_log_frequency", "effective_number"}};
}

core::ParamSpec label_smoothing_param(const std::string& help) {
  return {.name = "label_smoothing",
          .types = core::kNumber,
          .default_value = 0.0,
          .help = help + " (Szegedy et al., CVPR 2016)",
          .minimum = 0.0,
          .maximum = 1.0,
          .exclusive_maximum = true};
}

core::ParamSpec head_param() {
  return {
      .name = "head",
      .types = core::kString,
      .default_value = "softmax",
      .help =
          "what the network ends in: an output for each class, of which probabilities are the softmax; one "
          "output, of class 1, for two classes; or an output for each class, each with a sigmoid of its own "
          "that tells it from all others, as multi-label networks have",
      .choices = {"softmax", "sigmoid", "sigmoid_per_class"}};
}

core::Json head_trait(const core::Json& params) {
  return {{"head", params.at("head")}};
}

namespace {

std::vector<core::ParamSpec> weighting_params() {
  return {class_weights_param(
              "class weights: a convention computed from the training labels, or one number per class"),
          {.name = "weight_normalisation",
           .types = core::kString,
           .default_value = "weights",
           .help = "denominator of the weighted mean: the sum of the weights (PyTorch), the number of valid "
                   "pixels, or the number of all pixels including void (Keras with sample weight 0)",
           .choices = {"weights", "pixels", "all_pixels"}},
          {.name = "boundary_weight",
           .types = core::kNumber,
           .default_value = 0.0,
           .help = "w0 in a pixel's weight, its class weight times 1 + w0 exp(-d^2 / (2 boundary_sigma^2)), "
                   "d pixels from the nearest one of another class (after Ronneberger et al., MICCAI 2015)",
           .minimum = 0.0},
          {.name = "boundary_sigma",
           .types = core::kNumber,
           .default_value = 5.0,
           .help = "how far boundary_weight reaches, in pixels",
           .minimum = 0.0,
           .exclusive_minimum = true},
          {.name = "hardest",
           .types = core::kNumber,
           .default_value = 1.0,
           .help = "fraction of each image's valid pixels that count, those with the largest weighted loss: "
                   "online hard example mining (Shrivastava et al., CVPR 2016; Wu et al., 2016)",
           .minimum = 0.0,
           .maximum = 1.0,
           .exclusive_minimum = true}};
}

core::Json pixel_traits(const core::Json& params) {
  const bool per_class = params.value("head", "") == "sigmoid_per_class";
  core::Json traits = {
      {"fused", params.at("boundary_weight") == 0 && params.at("hardest") == 1 && !per_class}};
  if (params.contains("head")) traits["head"] = params.at("head");
  return traits;
}

std::vector<core::PartProblem> check_softmax(const core::Json& params, const core::Json& variant) {
  return check_class_weights(params, variant);
}

std::vector<core::PartProblem> check_sigmoid(const core::Json& params, const core::Json& variant) {
  std::vector<core::PartProblem> problems = check_class_weights(params, variant);
  for (core::PartProblem& problem : check_two_classes(params, variant))
    problems.push_back(std::move(problem));
  return problems;
}

}  // namespace

core::PartSpec pixel_loss_spec(std::string name, std::string summary, std::string source,
                               std::vector<core::ParamSpec> own,
                               const std::optional<std::string>& only_head) {
  core::PartSpec spec = {.kind = core::PartKind::kLoss,
                         .name = std::move(name),
                         .summary = std::move(summary),
                         .source = std::move(source),
                         .params = weighting_params(),
                         .traits = {{"over", "pixels"}},
                         .param_traits = pixel_traits,
                         .check = check_head_and_weights};
  if (only_head) {
    spec.traits["head"] = *only_head;
    spec.check = *only_head == "softmax" ? check_softmax : check_sigmoid;
  } else {
    spec.params.push_back(head_param());
  }
  for (core::ParamSpec& param : own) spec.params.push_back(std::move(param));
  return spec;
}

std::optional<std::int64_t> known_num_classes(const core::Json& variant) {
  return core::num_classes_of(variant.at("data"));
}

std::vector<core::PartProblem> check_class_weights(const core::Json& params, const core::Json& variant) {
  const core::Json weights = params.value("class_weights", core::Json());
  if (!weights.is_array()) return {};
  const std::string key = ".class_weights";
  const auto classes = known_num_classes(variant);
  if (classes && *classes != static_cast<std::int64_t>(weights.size())) {
    return {{key, fmt::format("must list one weight for each of the {} classes, but lists {}", *classes,
                              weights.size())}};
  }
  if (std::all_of(weights.begin(), weights.end(), [](const core::Json& weight) { return weight == 0; })) {
    return {{key, fmt::format("must have at least one weight greater than 0, but is {}", weights.dump())}};
  }
  return {};
}

std::vector<core::PartProblem> check_two_classes(const core::Json& params, const core::Json& variant) {
  const auto classes = known_num_classes(variant);
  if (!classes || *classes == 2) return {};
  return {{params.contains("head") ? ".head" : ".name",
           fmt::format("a sigmoid head is for 2 classes, but the data have {}", *classes)}};
}

std::vector<core::PartProblem> check_head_and_weights(const core::Json& params, const core::Json& variant) {
  std::vector<core::PartProblem> problems = check_class_weights(params, variant);
  if (params.at("head") != "sigmoid") return problems;
  for (core::PartProblem& problem : check_two_classes(params, variant))
    problems.push_back(std::move(problem));
  return problems;
}

}  // namespace segbench::losses
