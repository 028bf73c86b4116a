// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/cli/table.h"
#include "harness/run/runs_folder.h"
#include "harness/trial/state.h"

namespace segbench::cli {

/// The states of trials, in their order, read by several threads.
std::vector<trial::TrialState> read_states(const std::vector<run::ListedTrial>& trials);
/// Where they stand alone.
std::vector<trial::TrialStanding> read_standings(const std::vector<run::ListedTrial>& trials);

/// One row a trial: variant, seed, status, reason, epoch, loss, selection metric, seconds. For people (format
/// "table" or "md") durations are written out and messages cut.
Table trial_table(const std::vector<run::ListedTrial>& trials, const std::vector<trial::TrialState>& states,
                  const std::string& format);

/// "12 trials: 10 complete, 1 failed, 1 pending".
std::string count_states(const std::vector<trial::TrialState>& states);

}  // namespace segbench::cli
