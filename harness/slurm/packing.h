// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "harness/slurm/submission.h"

namespace segbench::slurm {

/// Starting a task costs seconds, so a task is at least this long where the trials allow it.
inline constexpr double kLeastTaskSeconds = 30 * 60;

struct PackingRules {
  std::size_t most_tasks = 1;
  int trials_per_task = 0;  ///< 0: by time
  int jobs = 1;             ///< trials that a task runs at once
};

/// Divides trials, given in the order in which they should be run, among tasks. By time: as many tasks as
/// last kLeastTaskSeconds each, the longest trial first to the task that has least, so that all end at about
/// the same time. By number: in their order. Never more tasks than `most_tasks`, and none without a trial.
/// Within a task trials keep their order.
std::vector<Task> pack(const std::vector<TaskTrial>& trials, const PackingRules& rules);

/// The longest of the tasks, with so many trials at once.
double longest_seconds(const std::vector<Task>& tasks, int jobs);

}  // namespace segbench::slurm
