// SPDX-License-Identifier: MIT
#include "harness/losses/region_spec.h"

#include <utility>

#include "harness/core/background.h"
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

core::ParamSpec over_param() {
  return {.name = "over",
          .types = core::kString,
          .default_value = "batch",
          .help =
              "what is summed over before the fraction is taken: all pixels of a batch (evaluated: of the "
              "whole split), or those of each image, whose losses are averaged",
          .choices = {"batch", "image"}};
}

core::ParamSpec smooth_param() {
  return {.name = "smooth",
          .types = core::kNumber,
          .default_value = 1e-5,
          .help =
              "added above and below the fraction line; with 0, a class that is neither there nor "
              "predicted has a loss of 0",
          .minimum = 0.0};
}

core::Json region_traits(const core::Json& params) {
  return {{"head", params.at("head")},
          {"over", params.at("over") == "image" ? "images" : "batch"},
          {"fused", params.at("head") != "sigmoid_per_class"}};
}

bool leaves_out_background(const core::Json& params) {
  const core::Json& included = params.at("include_background");
  return included.is_boolean() && !included.get<bool>();
}

/// Whether nothing but the background, class `background`, has a weight.
bool only_background_weighs(const core::Json& weights, std::size_t background) {
  if (!weights.is_array()) return false;
  for (std::size_t c = 0; c < weights.size(); ++c) {
    if (c != background && weights[c] != 0) return false;
  }
  return true;
}

}  // namespace

std::vector<core::ParamSpec> class_mean_params() {
  return {
      head_param(),
      class_weights_param("weights of the classes in the mean of their losses: a convention computed from "
                          "the training labels, or one number per class"),
      {.name = "classes",
       .types = core::kString,
       .default_value = "all",
       .help = "whose losses are averaged: those of all classes, or of the ones that have a pixel in the "
               "image or batch",
       .choices = {"all", "present"}},
      {.name = "include_background",
       .types = core::kBool,
       .default_value = core::Json(),
       .help = "whether the background is among these classes; with a sigmoid head the background is "
               "class 0. Default: true with an output for each class, false with a sigmoid head",
       .when_null = [](const core::Json& params, const core::Json&) {
         return core::Json(params.at("head") != "sigmoid");
       }}};
}

std::vector<core::PartProblem> check_class_mean(const core::Json& params, const core::Json& variant) {
  std::vector<core::PartProblem> problems = check_head_and_weights(params, variant);
  if (!leaves_out_background(params)) return problems;
  const core::Json index = variant.at("data").value("background", core::Json(core::kFirstClass));
  const bool is_sigmoid = params.at("head") == "sigmoid";
  if (!is_sigmoid && index.is_null()) {
    problems.push_back({".include_background", "must be true: the data have no background"});
  } else if (only_background_weighs(params.at("class_weights"), is_sigmoid ? 0 : index.get<std::size_t>())) {
    problems.push_back({".class_weights",
                        "must give a class other than the background a weight greater "
                        "than 0, since the background is left out"});
  }
  return problems;
}

core::PartSpec region_spec(const std::string& name, const std::string& summary, const std::string& source,
                           std::vector<core::ParamSpec> own) {
  std::vector<core::ParamSpec> params = {over_param()};
  for (const core::ParamSpec& param : class_mean_params()) params.push_back(param);
  params.push_back(smooth_param());
  for (core::ParamSpec& param : own) params.push_back(std::move(param));
  return {.kind = core::PartKind::kLoss,
          .name = name,
          .summary = summary,
          .source = source,
          .params = std::move(params),
          .traits = core::Json::object(),
          .param_traits = region_traits,
          .check = check_class_mean};
}

}  // namespace segbench::losses
