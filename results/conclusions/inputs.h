// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "results/store/records.h"
#include "results/store/store.h"

namespace segbench::conclusions {

/// Everything that is known of one trial.
struct TrialInputs {
  store::TrialRecord record;
  std::vector<store::EpochRecord> epochs;
  std::vector<store::EvaluationRecord> evaluations;  ///< of every epoch and the final ones
  std::vector<store::AttemptRecord> attempts;
  std::vector<store::ThresholdRecord> thresholds = {};  ///< that were tried, where one was searched
  std::vector<std::string> log_tail;  ///< last lines of worker.log, of trials that did not complete
};

/// How much is read of a study.
enum class Reading {
  kAll,
  /// What scores, verdicts and claims stand on. Epochs, attempts, thresholds, confusions and log tails stay
  /// empty; curves, confusions, failed attempts, the ranking by seed and fronts are not concluded, and other
  /// metrics than the report's and scores by class only where claims or published numbers may need them.
  kScores,
};

/// Everything that a report is computed from, as plain records.
struct StudyInputs {
  store::StudyRecord study;
  std::vector<TrialInputs> trials;
  std::vector<store::WarningRecord> warnings;
  std::vector<store::LatencyRecord> latencies = {};  ///< where a claim is about them; newest session first
  /// The images of a trial's final evaluation on a split, read when they are asked for; may be empty. Valid
  /// as long as the store is.
  std::function<std::vector<store::ImageRecord>(const std::string& trial_id, const std::string& split)>
      images;
  Reading reading = Reading::kAll;
};

struct Options {
  std::string metric;          ///< key of core::kMetrics; "": default_metric()
  std::string split = "test";  ///< test | selection
  /// What claims may differ in nonetheless: keys of kFacets (comparability.h).
  std::vector<std::string> allowed{};
};

/// Reads a study from the store, and the log tails from the trials' folders under `runs`. Throws
/// core::UserError when the store knows no study of this name. Of the scores alone those of one split will do
/// where no other is asked for (`split`; "": both, as always of one with trials.until); a search is read
/// whole.
StudyInputs load_inputs(const store::Store& store, const std::filesystem::path& runs,
                        const std::string& study, Reading reading = Reading::kAll,
                        const std::string& split = "");
/// Several of them, with the latencies of their trials.
std::vector<StudyInputs> load_studies(const store::Store& store, const std::filesystem::path& runs,
                                      const std::vector<std::string>& studies);

}  // namespace segbench::conclusions
