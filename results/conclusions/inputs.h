// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
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
  std::vector<std::string> log_tail;  ///< last lines of worker.log, of trials that did not complete
};

/// Everything that a report is computed from, as plain records.
struct StudyInputs {
  store::StudyRecord study;
  std::vector<TrialInputs> trials;
  std::vector<store::WarningRecord> warnings;
};

struct Options {
  std::string metric;          ///< key of core::kMetrics; "": default_metric()
  std::string split = "test";  ///< test | selection
};

/// Reads a study from the store, and the log tails from the trials' folders under `runs`. Throws
/// core::UserError when the store knows no study of this name.
StudyInputs load_inputs(const store::Store& store, const std::filesystem::path& runs,
                        const std::string& study);

}  // namespace segbench::conclusions
