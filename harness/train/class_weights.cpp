// SPDX-License-Identifier: MIT
#include "harness/train/class_weights.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/metrics/class_weights.h"

namespace segbench::train {
namespace {

using core::Json;

struct Settling {
  const core::DecodeCache& cache;
  const std::vector<std::int64_t>& train_samples;
  std::map<std::string, ClassWeights>& found;

  /// `key` of the part below training.loss, "" of the loss itself.
  void settle(const std::string& name, Json& params, const std::string& key) const {
    const std::string full_key = key.empty() ? "training.loss" : "training.loss." + key;
    if (const ClassWeights weights = class_weights_of(params, cache, train_samples, full_key);
        !weights.empty()) {
      Json numbers = Json::array();
      for (const auto& weight : weights) numbers.push_back(weight.value_or(0.0));
      params["class_weights"] = std::move(numbers);
      found[key] = weights;
    }
    const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kLoss, name);
    core::visit_parts(spec, params, [&](const core::ParamSpec&, const std::string& inner, Json& part) {
      settle(part.at("name").get<std::string>(), part, key.empty() ? inner : key + "." + inner);
    });
  }
};

}  // namespace

bool has_labels(const core::CacheManifest& manifest, const std::vector<std::int64_t>& samples) {
  return std::any_of(samples.begin(), samples.end(), [&](std::int64_t sample) {
    const std::vector<std::int64_t>& pixels =
        manifest.samples.at(static_cast<std::size_t>(sample)).class_pixels;
    return std::any_of(pixels.begin(), pixels.end() - 1, [](std::int64_t count) { return count > 0; });
  });
}

ClassWeights class_weights_of(const core::Json& params, const core::DecodeCache& cache,
                              const std::vector<std::int64_t>& train_samples, const std::string& key) {
  const auto classes = static_cast<std::size_t>(cache.num_classes());
  const core::Json choice = params.value("class_weights", core::Json("none"));
  if (choice.is_array()) {
    const auto numbers = choice.get<std::vector<double>>();
    if (numbers.size() != classes) {
      throw core::UserError(
          fmt::format("{}.class_weights: has {} weights, but must have one for each of the {} classes", key,
                      numbers.size(), classes));
    }
    return {numbers.begin(), numbers.end()};
  }
  const auto convention = choice.get<std::string>();
  if (convention == "none") return {};
  std::vector<std::vector<std::int64_t>> image_pixels;
  for (const std::int64_t index : train_samples) {
    image_pixels.push_back(cache.manifest().samples[static_cast<std::size_t>(index)].class_pixels);
  }
  ClassWeights weights = metrics::class_weights(convention, image_pixels, cache.num_classes());
  const auto counts = [](const std::optional<double>& weight) { return weight && *weight > 0; };
  if (std::none_of(weights.begin(), weights.end(), counts) && has_labels(cache.manifest(), train_samples)) {
    throw core::UserError(fmt::format(
        "{}.class_weights: \"{}\" gives no class a weight greater than 0, since the training images "
        "show one class alone; choose another convention or \"none\"",
        key, convention));
  }
  return weights;
}

SettledLoss settle_class_weights(const core::PartChoice& loss, const core::DecodeCache& cache,
                                 const std::vector<std::int64_t>& train_samples) {
  SettledLoss settled{.choice = loss};
  Settling{cache, train_samples, settled.class_weights}.settle(loss.name, settled.choice.params, "");
  return settled;
}

}  // namespace segbench::train
