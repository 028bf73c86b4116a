// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/table.h"
#include "harness/run/runs_folder.h"
#include "harness/slurm/task_states.h"
#include "harness/trial/state.h"

namespace segbench::cli {

/// The trials of a study, what their logs say, and which tasks of a cluster have them.
struct StatusRows {
  std::vector<run::ListedTrial> trials;
  std::vector<trial::TrialState> states;
  std::vector<std::optional<slurm::TaskState>> tasks;  ///< empty: the study was not submitted to a cluster
};

/// Trials that people are shown one by one unless they ask for more.
inline constexpr std::size_t kMostListed = 50;

/// Whether every trial is shown: in formats for programs, and where there are not too many.
bool is_list(const StatusRows& rows, const std::string& format, std::size_t most = kMostListed);

/// Every trial, a row each, in one of the formats of --format.
std::string list_text(const StatusRows& rows, const std::string& format);

/// What people want to know of more trials than anybody reads, in at most `lines` lines or so: how many of
/// each variant are how far, and then those to look at: running, failed, interrupted and lost ones. Where
/// there are too many variants, only those that something is being done about are shown; the last lines say
/// what is left out.
std::string summary_text(const StatusRows& rows, const std::string& format, std::size_t lines = kMostListed);

}  // namespace segbench::cli
