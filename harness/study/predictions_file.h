// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/part.h"

namespace segbench::study {

/// What one run of a model from elsewhere predicted: a folder of masks, or a table of counts.
struct PredictedTrial {
  std::uint64_t seed = 0;
  std::filesystem::path masks, counts;  ///< absolute; one of them is set
};

/// The file that `segbench import --predictions` takes: whose predictions these are, of which study's images,
/// and how the masks are coded.
struct PredictionsFile {
  std::filesystem::path file;
  std::string study, label, from, split, like, coding;
  std::vector<int> values;           ///< stored value of each class; empty: 0, 1, 2, …
  std::vector<std::string> colours;  ///< "#rrggbb" of each class; empty: those of the study's data
  std::optional<std::int64_t> parameters, macs;
  std::vector<PredictedTrial> trials;
};

/// Its settings, and those of its [[trial]]; docs/formats.md shows them.
const std::vector<core::ParamSpec>& predictions_settings();
const std::vector<core::ParamSpec>& predicted_trial_settings();

/// Throws core::UserError with every problem and its place, exit code 2.
PredictionsFile load_predictions(const std::filesystem::path& file);

}  // namespace segbench::study
