// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/slurm/submit.h"
#include "harness/slurm/task_record.h"
#include "harness/trial/standing.h"

namespace segbench::slurm {
namespace {

/// Whether a task was told to end, rather than stopped by its time limit or a lost node. One that never
/// started was taken out of the queue.
bool was_told_to_end(const Submission& submission, const QueueIndex& tasks, std::size_t index) {
  const QueuedTask* task = tasks.find(submission, index);
  if (task != nullptr && task->state == "CANCELLED") return true;
  const TaskRecord record = read_record(submission.folder, index);
  if (task != nullptr) return false;  // its limit, its node, preemption: Slurm's doing
  return record.starts == 0 || record.why == to_string(TaskEnd::kTerminated);
}

}  // namespace

Left what_is_left(const Submission& submission, const std::vector<QueuedTask>& queue) {
  Left left;
  const QueueIndex tasks(queue);
  std::size_t failed = 0, told_to_end = 0, stuck = 0;
  for (std::size_t i = 0; i < submission.tasks.size(); ++i) {
    const bool ended = is_cancelled(submission) || was_told_to_end(submission, tasks, i);
    bool gained = false;
    Task incomplete;
    for (const TaskTrial& trial : submission.tasks[i]) {
      const auto folder = study_folder_of(submission.folder) / core::kTrialsFolder / trial.id;
      const core::TrialStatus status = trial::read_trial_standing(folder).status;
      const std::int64_t updates = kept_updates(folder);
      gained = gained || updates > trial.updates;
      if (status == core::TrialStatus::kFailed)
        ++failed;
      else if (status != core::TrialStatus::kComplete)
        incomplete.push_back({trial.id, trial.seconds, updates});
    }
    if (ended)
      told_to_end += incomplete.size();
    else if (!gained)
      stuck += incomplete.size();
    else
      left.go_on.insert(left.go_on.end(), incomplete.begin(), incomplete.end());
  }
  const auto say = [&](std::size_t count, const char* what) {
    if (count > 0) left.reasons.push_back(fmt::format("{} trial{} {}", count, count == 1 ? "" : "s", what));
  };
  say(failed, "failed; segbench submit --retry-failed tries again");
  say(told_to_end, "of cancelled tasks; segbench submit goes on with them");
  say(stuck, "of tasks that gained no step; look at their logs, and give them a longer --time");
  if (!left.go_on.empty() && submission.round >= submission.options.rounds) {
    say(left.go_on.size(), "left after the last round (--rounds); segbench submit goes on with them");
    left.go_on.clear();
  }
  return left;
}

}  // namespace segbench::slurm
