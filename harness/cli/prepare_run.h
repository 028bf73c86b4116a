// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/cli/run_options.h"
#include "harness/core/file_lock.h"
#include "harness/run/study_plan.h"

namespace segbench::cli {

/// What is written before anything is trained.
struct PreparedRun {
  run::StudyPlan plan;
  std::int64_t bytes_per_trial = 0;  ///< largest estimate
  std::vector<run::PlannedTrial> selected;
  std::set<std::string> rewritten;     ///< ids of the trials whose trial.json was written
  std::optional<core::FileLock> lock;  ///< of the study
};

/// Does everything but the trials: takes the study's lock, audits and decodes its data, tries networks that
/// are read from a file, and writes study.json and the selected trials' trial.json. Tells findings on stderr.
/// What a refused study left is removed again. Needs no LibTorch, but for networks from files.
PreparedRun prepare_run(const study::Study& study, const RunOptions& options, const Context& context);

/// Selects the trials that are wanted now, of a study of which more has been decided since it was prepared,
/// and writes their trial.json.
void select_again(PreparedRun& prepared, const study::Study& study, const RunOptions& options);

}  // namespace segbench::cli
