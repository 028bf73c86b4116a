// SPDX-License-Identifier: MIT
#include "harness/slurm/task_states.h"

#include <fmt/format.h>

#include "harness/slurm/queue.h"
#include "harness/slurm/task_record.h"

namespace segbench::slurm {
namespace {

std::string describe(const QueuedTask* task, const Submission& submission, std::size_t index) {
  const std::string name = fmt::format("{}_{}", submission.array_job, index);
  const TaskRecord record = read_record(submission.folder, index);
  if (task != nullptr && task->state == "PENDING")
    return record.starts > 0 ? fmt::format("{} waits for requeue", name)
                             : fmt::format("{} queued ({})", name, task->reason);
  if (task != nullptr && !is_over(task->state)) {
    const bool runs = task->state == "RUNNING";
    return fmt::format("{} {} on {}", name, runs ? "running" : task->state, task->node);
  }
  if (record.has_ended || is_cancelled(submission)) return "";
  if (task != nullptr && task->state == "CANCELLED") return "";
  return task != nullptr ? fmt::format("{} ended as {}", name, task->state)
                         : fmt::format(
                               "{} lost: Slurm no longer knows the task, and its record has no end; "
                               "segbench submit goes on",
                               name);
}

}  // namespace

TaskStates read_task_states(const std::filesystem::path& study_folder) {
  std::vector<Submission> submissions = submissions_of(study_folder);
  std::erase_if(submissions, [](const Submission& submission) { return submission.array_job.empty(); });
  TaskStates states;
  states.any_submission = !submissions.empty();
  const std::vector<QueuedTask> queue = ask_queue(submissions);
  for (const Submission& submission : submissions) {
    for (std::size_t i = 0; i < submission.tasks.size(); ++i) {
      const std::string text = describe(find_task(queue, submission, i), submission, i);
      // A later submission has the last word on a trial.
      for (const TaskTrial& trial : submission.tasks[i]) states.by_trial[trial.id] = text;
    }
  }
  std::erase_if(states.by_trial, [](const auto& entry) { return entry.second.empty(); });
  return states;
}

}  // namespace segbench::slurm
