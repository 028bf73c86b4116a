// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace segbench::slurm {

/// Where a task is.
enum class TaskPlace {
  kQueued,   ///< has not been started yet
  kWaits,    ///< was started before, and waits to be started again
  kRunning,  ///< or is about to begin or to end
  kEnded,    ///< Slurm ended it, and it did not say so itself
  kLost,     ///< Slurm no longer knows it, and it never said how it ended
};

struct TaskState {
  TaskPlace place = TaskPlace::kQueued;
  std::string text;  ///< "12_0 queued (Priority)", "12_1 running on n1", "12_2 waits for requeue", …
};

/// Where the trials of a study are. Trials that no task of Slurm has, or whose task has said how it ended,
/// are left out.
struct TaskStates {
  bool any_submission = false;
  std::map<std::string, TaskState> by_trial;  ///< by trial id
  std::map<TaskPlace, std::size_t> tasks;     ///< how many there are of each kind

  /// "3 running, 12 queued, 1 lost"; "" where there are none.
  std::string counts() const;
};

/// Reads the submissions, and asks the queue once (once a cluster) if one of them has an open trial; tasks
/// without one are left out. `is_open` says of a trial's id whether it has neither been completed nor failed.
/// Throws core::UserError when the cluster does not answer.
TaskStates read_task_states(const std::filesystem::path& study_folder,
                            const std::function<bool(const std::string&)>& is_open);

}  // namespace segbench::slurm
