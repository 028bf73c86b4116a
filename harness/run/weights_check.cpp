// SPDX-License-Identifier: MIT
#include "harness/run/weights_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "harness/core/error.h"
#include "harness/weights/match.h"

namespace segbench::run {
namespace {

/// What the files of a study hold and how large its data are; each is looked at once.
class Checker {
 public:
  std::string check(const core::Variant& variant) {
    const core::ModelConfig& model = variant.config.model;
    const auto sizes = sizes_of(variant.config);
    if (!sizes) return "";
    if (model.file) return "";
    if (!model.freeze.is_null() && summarise_variant(variant.config, *sizes).trainable == 0) {
      problems_.push_back({.file = "",
                           .message = fmt::format("variant {}: model.freeze = {} leaves nothing to train; "
                                                  "keep at least one tensor trainable",
                                                  variant.label, model.freeze.dump())});
    }
    const auto is_of_encoder = [](const auto& target) { return target.name.starts_with("encoder."); };
    if (variant.config.training.encoder_learning_rate_factor != 1) {
      const auto targets = weights::targets_of(network_options_of(variant.config, *sizes));
      if (std::none_of(targets.begin(), targets.end(), is_of_encoder)) {
        problems_.push_back({.file = "",
                             .message = fmt::format(
                                 "variant {}: training.encoder_learning_rate_factor is set, but this network "
                                 "has no layer below \"encoder.\"; choose an encoder, or leave it 1",
                                 variant.label)});
      }
    }
    if (!model.weights) return "";
    const core::FileChoice& chosen = *model.weights;
    const std::string key = fmt::format("{} {} {} {} {} {}", core::to_json(variant.config).at("model").dump(),
                                        variant.config.data.channels, sizes->height, sizes->width,
                                        sizes->classes, core::to_json(variant.config.training.loss).dump());
    if (!checked_.insert(key).second) return "";
    const weights::WeightFile& file = files_.try_emplace(chosen.path, chosen.path).first->second;
    const weights::Match match =
        weights::match(file.tensors(), weights::targets_of(network_options_of(variant.config, *sizes)),
                       variant.config.model.weights_exclude);
    for (const std::string& text : match.problems) {
      problems_.push_back(
          {.file = chosen.path, .message = fmt::format("variant {}: {}", variant.label, text)});
    }
    return describe(variant, file, match);
  }

  void throw_problems() {
    if (!problems_.empty()) throw core::UserError(problems_);
  }

 private:
  std::optional<DataSizes> sizes_of(const core::VariantConfig& config) {
    const auto [found, fresh] = sizes_.try_emplace(core::to_json(config).at("data").dump());
    if (!fresh) return found->second;
    try {
      found->second = measure_data(config.data);
    } catch (const core::UserError&) {  // the audit says it better
    }
    return found->second;
  }

  static std::string describe(const core::Variant& variant, const weights::WeightFile& file,
                              const weights::Match& match) {
    const bool folded = std::any_of(match.transfers.begin(), match.transfers.end(),
                                    [](const weights::Transfer& transfer) { return transfer.is_folded; });
    const std::string name = file.path().filename();
    return fmt::format("{}: {} tensors from {} ({}){}{}{}; {} keep their initial values", variant.label,
                       match.transfers.size(), name, match.convention,
                       weights::hash_in_name(name).empty() ? "" : ", SHA-256 as its name says",
                       folded ? ", first convolution folded" : "",
                       match.excluded.empty() ? "" : fmt::format(", {} excluded", match.excluded.size()),
                       match.kept.size());
  }

  std::map<std::string, std::optional<DataSizes>> sizes_;
  std::map<std::string, weights::WeightFile> files_;
  std::set<std::string> checked_;
  std::vector<core::Problem> problems_;
};

}  // namespace

std::vector<std::string> check_weights(const study::Study& study) {
  Checker checker;
  std::vector<std::string> lines;
  for (const core::Variant& variant : study.variants) {
    const core::VariantConfig& config = variant.config;
    if (!config.model.weights && config.model.freeze.is_null() &&
        config.training.encoder_learning_rate_factor == 1)
      continue;
    const std::string line = checker.check(variant);
    if (!line.empty()) lines.push_back(line);
  }
  checker.throw_problems();
  return lines;
}

}  // namespace segbench::run
