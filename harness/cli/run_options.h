// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/run/study_plan.h"
#include "harness/study/study.h"

namespace segbench::cli {

/// What `segbench run` is told on the command line; 0, "" and empty lists leave it to the experiment file.
struct RunOptions {
  std::string study;
  std::vector<std::string> overrides;
  int jobs = 0;
  std::string device;
  int threads = 0;
  std::vector<std::string> only;  ///< beginnings of variant labels
  std::vector<std::uint64_t> seeds;
  bool retry_failed = false;
  bool report = false;
  bool prepare = false;  ///< everything but the trials
  bool quiet = false;
};

/// "auto", "cpu", "cuda" or "cuda:N"; the sentence to print otherwise, "" when it is fine.
std::string check_device(const std::string& device);

/// The same for one of --seeds: a whole number from 0, told as it was written.
std::string check_seed(const std::string& seed);

/// The experiment file with the options laid over its [run]. Pretrained weights are held against their
/// networks and told of, see check_weights().
study::Study load_for_run(const RunOptions& options);

/// The trials of the plan that --only and --seeds leave. Throws core::UserError when one of them fits
/// nothing.
std::vector<run::PlannedTrial> select_trials(const study::Study& study, const run::StudyPlan& plan,
                                             const RunOptions& options);

/// Throws what select_trials would, before any data are read.
void check_selection(const study::Study& study, const RunOptions& options);

/// The command line that does the same again.
std::string command_line(const RunOptions& options);

}  // namespace segbench::cli
