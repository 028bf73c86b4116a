// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/study/predictions_file.h"

namespace segbench::run {

/// What has become trials.
struct ImportedPredictions {
  std::vector<std::filesystem::path> trials;  ///< folders that were written
  std::vector<std::string> notes;             ///< for people
};

/// Scores predictions that a model from elsewhere made of a study's images against the study's own truth, in
/// its decode cache, and writes each run of the model as a trial of the study (docs/formats.md). All are
/// checked before anything is written: throws core::UserError, with exit code core::kAuditRefused for what is
/// wrong with masks or counts. A trial that is there already with the same predictions is left alone; with
/// others it is refused.
ImportedPredictions import_predictions(const study::PredictionsFile& file, const std::filesystem::path& runs);

}  // namespace segbench::run
