// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "harness/train/trainer.h"

namespace segbench::train {

/// `segbench-worker train` after its arguments have been read (core/worker_protocol.h).
struct TrainCommand {
  std::filesystem::path trial_file;
  TrainOptions options;
  int progress_descriptor = -1;
  core::Json environment;                    ///< recorded with the attempt
  std::vector<core::Warning> warnings = {};  ///< about the environment, recorded too
};

/// Runs the trial to its end, or until it fails or is told to stop; all of it is recorded in its folder.
/// Returns the exit code. Throws core::UserError when the specification is unusable or another process runs
/// the trial.
int run_train(const TrainCommand& command);

}  // namespace segbench::train
