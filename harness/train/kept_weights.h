// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::train {

/// The weights of epochs that are kept beside those of the trial's end, in the format of weights.safetensors:
/// epoch-0001.safetensors, ….
struct KeepWeights {
  bool every_epoch = false;
  int best = 0;                  ///< so many epochs, by the metric that epochs are selected by
  std::filesystem::path folder;  ///< a folder below it is taken; empty: "epochs" in the trial's folder

  bool any() const { return every_epoch || best > 0; }
};

/// "none", "every_epoch", or a number of best epochs. Throws core::UserError for anything else.
KeepWeights keep_weights_from(const std::string& word, const std::filesystem::path& folder);

/// Where the trial's files go: FOLDER/STUDY/TRIAL_ID, or "epochs" in the trial's folder.
std::filesystem::path kept_weights_folder(const KeepWeights& keep, const std::filesystem::path& trial_folder,
                                          const std::string& study, const std::string& trial_id);

std::filesystem::path kept_weights_file(const std::filesystem::path& folder, std::int64_t epoch);

/// An epoch with its value of the metric.
struct KeptEpoch {
  std::int64_t epoch = 0;
  std::optional<double> value = {};
};

/// Takes an epoch among the best `most`, in the order from the best (of equals the earlier; undefined ones
/// last). Returns the epoch that is kept no longer, which may be the new one; 0: none.
std::int64_t keep_best(std::vector<KeptEpoch>& kept, const KeptEpoch& epoch, int most, bool higher_is_better);

core::Json to_json(const std::vector<KeptEpoch>& kept);
std::vector<KeptEpoch> kept_epochs_from_json(const core::Json& json);

}  // namespace segbench::train
