// SPDX-License-Identifier: MIT
#include "harness/conformance/losses.h"

#include "harness/core/counts.h"
#include "harness/core/part.h"
#include "harness/losses/per_class.h"

namespace segbench::conformance {
namespace {

using core::Json;
using torch::Tensor;

/// Losses of three kinds for what is made of others.
Json some_terms(const char* head) {
  return Json::array({{{"name", "dice"}, {"head", head}},
                      {{"name", "focal"}, {"head", head}, {"weight", 0.5}},
                      {{"name", "lovasz_softmax"}, {"head", head}, {"weight", 2.0}}});
}

/// A loss with each value of each choice and flag that it has, the others at their default.
std::vector<Json> settings_of(const core::PartSpec& spec) {
  std::vector<Json> settings = {Json::object()};
  for (const core::ParamSpec& param : spec.params) {
    if (param.types != core::kPartList) continue;
    settings.clear();
    for (const char* head : {"softmax", "sigmoid"})
      settings.push_back(Json::object({{param.name, some_terms(head)}}));
  }
  for (const core::ParamSpec& param : spec.params) {
    if (param.name == "class_weights" || param.name == "head") continue;
    const bool stands_for_all = spec.name == "cross_entropy" || spec.name == "hinge";  // one code for all
    if (param.name == "boundary_weight" && stands_for_all) settings.push_back({{param.name, 3.0}});
    if (param.name == "hardest" && stands_for_all) settings.push_back({{param.name, 0.2}});
    if (param.name == "label_smoothing") settings.push_back({{param.name, 0.1}});
    for (const std::string& choice : param.choices) settings.push_back({{param.name, choice}});
    if (param.types == core::kBool) {
      settings.push_back({{param.name, true}});
      settings.push_back({{param.name, false}});
    }
  }
  return settings;
}

/// The same for each head, where the loss may choose one.
std::vector<Json> with_heads(const core::PartSpec& spec, const Json& setting) {
  for (const core::ParamSpec& param : spec.params) {
    if (param.name != "head") continue;
    std::vector<Json> each(3, setting);
    each[0]["head"] = "softmax";
    each[1]["head"] = "sigmoid";
    each[2]["head"] = losses::kSigmoidPerClass;
    return each;
  }
  return {setting};
}

}  // namespace

Batch random_batch(int channels, int num_classes, torch::ScalarType type) {
  torch::manual_seed(7);
  const Tensor labels = torch::randint(0, num_classes + 1, {3, 61, 70}, torch::kLong);
  const Tensor logits = torch::randn({3, channels, 61, 70}, torch::kDouble) * 3;
  return {logits.to(type).contiguous(torch::MemoryFormat::ChannelsLast),
          labels.masked_fill(labels == num_classes, core::kVoidLabel).to(torch::kByte)};
}

Tensor gradient_of(const losses::Loss& loss, const Tensor& logits, const Tensor& labels) {
  const Tensor leaf = logits.detach().requires_grad_(true);
  loss.mean(leaf, labels).backward();
  return leaf.grad();
}

std::unique_ptr<losses::Loss> LossCase::make(const std::vector<double>& weights, bool fused) const {
  core::PartChoice weighted = choice;
  if (!weights.empty()) weighted.params["class_weights"] = weights;
  return losses::make_loss(weighted, {classes, fused});
}

std::vector<double> LossCase::some_weights() const {
  return classes == 2 ? std::vector{0.5, 2.0} : std::vector{1.0, 0.0, 3.0, 0.2, 1.5};
}

std::vector<LossCase> every_loss() {
  std::vector<LossCase> cases;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    for (const Json& setting : settings_of(*spec)) {
      for (const Json& params : with_heads(*spec, setting)) {
        const Json full = core::with_defaults(*spec, params), variant = {{"data", {{"kind", "none"}}}};
        if (spec->check && !spec->check(full, variant).empty()) continue;
        const Json traits = core::traits_of(*spec, params);
        if (traits.at("head") == "sigmoid") {
          cases.push_back({{spec->name, params}, 1, 2, traits});
        } else {
          cases.push_back({{spec->name, params}, 2, 2, traits});
          cases.push_back({{spec->name, params}, 5, 5, traits});
        }
      }
    }
  }
  return cases;
}

}  // namespace segbench::conformance
