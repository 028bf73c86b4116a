// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace segbench::slurm {

/// What a cluster allows.
struct Limits {
  std::size_t most_tasks = 1;            ///< of an array
  std::optional<int> most_minutes = {};  ///< of a job in the partition; empty: any number
  double kill_wait_seconds = 30;         ///< between SIGTERM and SIGKILL
};

/// More tasks than this are of no use, whatever a cluster allows.
inline constexpr std::size_t kMostTasks = 500;

/// Asks `scontrol` and `sinfo`. Throws core::UserError when the cluster does not answer, or has no such
/// partition ("": the default one).
Limits ask_limits(const std::string& partition);

/// MaxArraySize (an array's indices end below it), max_array_tasks and KillWait of `scontrol show config`.
Limits parse_config(std::string_view text);

/// Slurm's durations, such as "30", "1:30:00", "2-12" or "UNLIMITED", in minutes, rounded up; empty where
/// there is no limit or it cannot be read.
std::optional<int> parse_minutes(std::string_view text);

}  // namespace segbench::slurm
