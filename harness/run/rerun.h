// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/run/rerun_comparison.h"
#include "harness/run/scheduler.h"
#include "harness/run/worker.h"

namespace segbench::run {

/// With what a complete trial was computed, from the environment of its last attempt.
struct TrialMeans {
  std::string device = "cpu";
  int threads = 0;
  /// What the worker said that this device gives; less where the attempts ran on different processors, or
  /// where sums over processes were taken in different ways.
  DeterminismGrade promised = DeterminismGrade::kBitwise;
  std::string cpu, libtorch;
};
/// Throws core::UserError when the trial is not complete.
TrialMeans means_of(const std::filesystem::path& trial_folder);

/// Runs a complete trial once more in `folder` (which is created) with the same device and threads and
/// compares the two. `cache`: the decode cache to use, by default the trial's own. Throws core::UserError
/// when the rerun does not complete; an interrupt of this process ends it, too.
RerunComparison rerun_trial(const std::filesystem::path& trial_folder, const std::filesystem::path& folder,
                            WorkerSettings worker, RunObserver& observer,
                            const std::filesystem::path& cache = {});

/// What differs between the environments of the last attempts of two trials, apart from names of hosts and
/// commits: "cpu: A and B".
std::vector<std::string> environment_differences(const std::filesystem::path& trial_folder,
                                                 const std::filesystem::path& rerun_folder);

}  // namespace segbench::run
