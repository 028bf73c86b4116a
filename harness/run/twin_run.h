// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "harness/run/scheduler.h"
#include "harness/run/twin.h"
#include "harness/run/worker.h"

namespace segbench::run {

/// With what a complete trial was computed, from the environment of its last attempt.
struct TrialMeans {
  std::string device = "cpu";
  int threads = 0;
  DeterminismGrade promised = DeterminismGrade::kBitwise;  ///< what the worker said that this device gives
  std::string cpu, libtorch;
};
/// Throws core::UserError when the trial is not complete.
TrialMeans means_of(const std::filesystem::path& trial_folder);

/// Runs a complete trial once more in `folder` (which is created) with the same device and threads and
/// compares the two. Throws core::UserError when the twin does not complete; an interrupt of this process
/// ends it, too.
TwinComparison run_twin(const std::filesystem::path& trial_folder, const std::filesystem::path& folder,
                        WorkerSettings worker, RunObserver& observer);

}  // namespace segbench::run
