// SPDX-License-Identifier: MIT
#include "harness/slurm/packing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace segbench::slurm {
namespace {

double seconds_of(const Task& task) {
  return std::accumulate(task.begin(), task.end(), 0.0,
                         [](double sum, const TaskTrial& trial) { return sum + trial.seconds; });
}

/// Each task as a list of places in `trials`.
std::vector<std::vector<std::size_t>> by_time(const std::vector<TaskTrial>& trials, std::size_t count) {
  std::vector<std::size_t> longest_first(trials.size());
  std::iota(longest_first.begin(), longest_first.end(), std::size_t{0});
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [&](std::size_t a, std::size_t b) { return trials[a].seconds > trials[b].seconds; });
  std::vector<std::vector<std::size_t>> tasks(count);
  std::vector<double> load(count, 0);
  for (const std::size_t trial : longest_first) {
    // Of equal loads the task with the fewest trials, so that no task stays empty where times are unknown.
    std::size_t least = 0;
    for (std::size_t t = 1; t < count; ++t) {
      if (load[t] < load[least] || (load[t] == load[least] && tasks[t].size() < tasks[least].size()))
        least = t;
    }
    tasks[least].push_back(trial);
    load[least] += trials[trial].seconds;
  }
  return tasks;
}

std::vector<std::vector<std::size_t>> by_number(std::size_t trials, std::size_t each) {
  std::vector<std::vector<std::size_t>> tasks;
  for (std::size_t i = 0; i < trials; ++i) {
    if (i % each == 0) tasks.emplace_back();
    tasks.back().push_back(i);
  }
  return tasks;
}

}  // namespace

std::vector<Task> pack(const std::vector<TaskTrial>& trials, const PackingRules& rules) {
  if (trials.empty()) return {};
  const std::size_t most = std::clamp<std::size_t>(rules.most_tasks, 1, trials.size());
  std::vector<std::vector<std::size_t>> places;
  if (rules.trials_per_task > 0) {
    const std::size_t least_each = (trials.size() + most - 1) / most;
    places = by_number(trials.size(), std::max(least_each, static_cast<std::size_t>(rules.trials_per_task)));
  } else {
    const double wanted = std::floor(seconds_of(trials) / (kLeastTaskSeconds * rules.jobs));
    places = by_time(trials, static_cast<std::size_t>(std::clamp(wanted, 1.0, static_cast<double>(most))));
  }
  std::vector<Task> tasks;
  for (std::vector<std::size_t>& of_task : places) {
    std::sort(of_task.begin(), of_task.end());
    Task& task = tasks.emplace_back();
    for (const std::size_t trial : of_task) task.push_back(trials[trial]);
  }
  return tasks;
}

double longest_seconds(const std::vector<Task>& tasks, int jobs) {
  double longest = 0;
  for (const Task& task : tasks) {
    double of_one = 0;
    for (const TaskTrial& trial : task) of_one = std::max(of_one, trial.seconds);
    longest = std::max({longest, of_one, seconds_of(task) / std::max(1, jobs)});
  }
  return longest;
}

}  // namespace segbench::slurm
