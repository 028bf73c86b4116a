// SPDX-License-Identifier: MIT
#include "harness/train/kept_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/core/error.h"
#include "harness/core/optional_json.h"

namespace segbench::train {

KeepWeights keep_weights_from(const std::string& word, const std::filesystem::path& folder) {
  KeepWeights keep{.folder = folder};
  if (word == "none") return keep;
  keep.every_epoch = word == "every_epoch";
  if (keep.every_epoch) return keep;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), keep.best);
  if (error != std::errc() || end != word.data() + word.size() || keep.best < 1) {
    throw core::UserError(fmt::format(
        "--keep-weights is \"{}\", but must be none, every_epoch or a number of best epochs", word));
  }
  return keep;
}

std::filesystem::path kept_weights_folder(const KeepWeights& keep, const std::filesystem::path& trial_folder,
                                          const std::string& study, const std::string& trial_id) {
  return keep.folder.empty() ? trial_folder / "epochs" : keep.folder / study / trial_id;
}

std::filesystem::path kept_weights_file(const std::filesystem::path& folder, std::int64_t epoch) {
  return folder / fmt::format("epoch-{:04}.safetensors", epoch);
}

std::int64_t keep_best(std::vector<KeptEpoch>& kept, const KeptEpoch& epoch, int most,
                       bool higher_is_better) {
  const auto is_better = [&](const KeptEpoch& a, const KeptEpoch& b) {
    if (!a.value || !b.value) return a.value.has_value() && !b.value;
    return higher_is_better ? *a.value > *b.value : *a.value < *b.value;
  };
  kept.insert(std::upper_bound(kept.begin(), kept.end(), epoch, is_better), epoch);
  if (kept.size() <= static_cast<std::size_t>(most)) return 0;
  const std::int64_t dropped = kept.back().epoch;
  kept.pop_back();
  return dropped;
}

core::Json to_json(const std::vector<KeptEpoch>& kept) {
  core::Json json = core::Json::array();
  for (const KeptEpoch& epoch : kept) json.push_back({epoch.epoch, core::or_null(epoch.value)});
  return json;
}

std::vector<KeptEpoch> kept_epochs_from_json(const core::Json& json) {
  std::vector<KeptEpoch> kept;
  for (const core::Json& item : json) {
    kept.push_back({.epoch = item.at(0),
                    .value = item.at(1).is_null() ? std::nullopt : std::optional(item.at(1).get<double>())});
  }
  return kept;
}

}  // namespace segbench::train
