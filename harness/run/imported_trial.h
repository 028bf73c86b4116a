// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/counts.h"
#include "harness/core/decode_cache.h"
#include "harness/core/trial.h"
#include "harness/study/predictions_file.h"

namespace segbench::run {

/// One run of a model from elsewhere, scored: from its masks, or from the counts that it came with.
struct ImportedTrial {
  const study::PredictionsFile* file = nullptr;
  core::TrialSpec spec = {};
  std::filesystem::path folder = {};  ///< where it is to be written
  std::filesystem::path like = {};    ///< folder of the trial of the study that it is to be compared with
  std::vector<std::string> class_names = {};
  core::CacheManifest manifest = {};
  std::vector<core::Confusion> images = {};                 ///< one a sample of the split, of masks
  std::vector<std::vector<core::ClassCounts>> counts = {};  ///< instead, of counts
  std::vector<std::vector<std::uint8_t>> labels = {};       ///< of masks: [height, width] of each sample
  std::string sha256 = {};                                  ///< of all labels, or of the table of counts
};

/// Writes the folder of a trial with trial.json, events.jsonl and, for panels, predictions.u8 of the samples
/// of which the other trial keeps predictions. What an unfinished import left is replaced.
void write_imported_trial(const ImportedTrial& trial);

}  // namespace segbench::run
