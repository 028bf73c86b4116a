// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

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
                      "neg_log_frequency"}};
}

core::ParamSpec head_param() {
  return {.name = "head",
          .types = core::kString,
          .default_value = "softmax",
          .help =
              "what the network ends in: an output for each class, or one output, of class 1, for two "
              "classes",
          .choices = {"softmax", "sigmoid"}};
}

core::Json head_trait(const core::Json& params) {
  return {{"head", params.at("head")}};
}

std::vector<core::ParamSpec> weighting_params() {
  return {class_weights_param(
              "class weights: a convention computed from the training labels, or one number per class"),
          {.name = "weight_normalisation",
           .types = core::kString,
           .default_value = "weights",
           .help = "denominator of the weighted mean: the sum of the weights (PyTorch), the number of valid "
                   "pixels, or the number of all pixels including void (Keras with sample weight 0)",
           .minimum = std::nullopt,
           .maximum = std::nullopt,
           .choices = {"weights", "pixels", "all_pixels"}}};
}

std::vector<core::ParamSpec> probability_params() {
  std::vector<core::ParamSpec> params = weighting_params();
  params.push_back(head_param());
  return params;
}

core::PartSpec probability_loss(std::string name, std::string summary, std::string source) {
  return {.kind = core::PartKind::kLoss,
          .name = std::move(name),
          .summary = std::move(summary),
          .source = std::move(source),
          .params = probability_params(),
          .traits = {{"over", "pixels"}, {"fused", false}},
          .param_traits = head_trait,
          .check = check_head_and_weights};
}

std::optional<std::int64_t> known_num_classes(const core::Json& variant) {
  const core::Json& data = variant.at("data");
  const core::Json params = data.value("params", core::Json::object());
  for (const char* key : {"num_classes", "classes"}) {
    const auto found = params.find(key);
    if (found == params.end()) continue;
    if (found->is_number_integer()) return found->get<std::int64_t>();
    if (found->is_array() && !found->empty()) return static_cast<std::int64_t>(found->size());
  }
  const core::PartSpec* kind =
      core::PartRegistry::instance().find(core::PartKind::kDataSet, data.value("kind", std::string()));
  if (kind == nullptr || !kind->traits.contains("num_classes")) return std::nullopt;
  const core::Json& trait = kind->traits["num_classes"];
  return trait.is_number_integer() ? std::optional(trait.get<std::int64_t>()) : std::nullopt;
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
