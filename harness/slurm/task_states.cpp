// SPDX-License-Identifier: MIT
#include "harness/slurm/task_states.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "harness/slurm/queue.h"
#include "harness/slurm/task_record.h"

namespace segbench::slurm {
namespace {

constexpr std::array<std::pair<TaskPlace, const char*>, 5> kWords = {
    {{TaskPlace::kRunning, "running"},
     {TaskPlace::kQueued, "queued"},
     {TaskPlace::kWaits, "waiting for requeue"},
     {TaskPlace::kEnded, "ended by Slurm"},
     {TaskPlace::kLost, "lost"}}};

/// Records are read only of tasks where they matter: thousands may be running.
std::optional<TaskState> describe(const QueuedTask* task, const Submission& submission, std::size_t index,
                                  bool is_cancelled) {
  const std::string name = fmt::format("{}_{}", submission.array_job, index);
  if (task != nullptr && task->state == "PENDING") {
    if (read_record(submission.folder, index).starts > 0)
      return TaskState{TaskPlace::kWaits, name + " waits for requeue"};
    return TaskState{TaskPlace::kQueued, fmt::format("{} queued ({})", name, task->reason)};
  }
  if (task != nullptr && !is_over(task->state)) {
    const std::string state = task->state == "RUNNING" ? "running" : task->state;
    const std::string where = task->node.empty() ? "" : " on " + task->node;
    return TaskState{TaskPlace::kRunning, fmt::format("{} {}{}", name, state, where)};
  }
  if (is_cancelled || (task != nullptr && task->state == "CANCELLED")) return std::nullopt;
  if (read_record(submission.folder, index).has_ended) return std::nullopt;
  if (task != nullptr) return TaskState{TaskPlace::kEnded, fmt::format("{} ended as {}", name, task->state)};
  return TaskState{TaskPlace::kLost,
                   fmt::format("{} lost: Slurm no longer knows the task, and its record has no end; segbench "
                               "submit goes on",
                               name)};
}

/// A task of a submission, in the order in which they were made.
using TaskName = std::pair<const Submission*, std::size_t>;

/// The task that has each open trial; a later submission has the last word.
std::map<std::string, TaskName> tasks_of_open_trials(const std::vector<Submission>& submissions,
                                                     const std::function<bool(const std::string&)>& is_open) {
  std::map<std::string, TaskName> tasks;
  for (const Submission& submission : submissions) {
    for (std::size_t i = 0; i < submission.tasks.size(); ++i) {
      for (const TaskTrial& trial : submission.tasks[i]) {
        if (is_open(trial.id)) tasks[trial.id] = {&submission, i};
      }
    }
  }
  return tasks;
}

/// The submissions that the queue is asked for.
std::vector<Submission> names_of(const std::map<std::string, TaskName>& tasks) {
  std::map<const Submission*, Submission> names;
  for (const auto& [trial, task] : tasks) {
    Submission& name = names[task.first];
    name.array_job = task.first->array_job;
    name.cluster = task.first->cluster;
  }
  std::vector<Submission> found;
  for (auto& [submission, name] : names) found.push_back(std::move(name));
  return found;
}

}  // namespace

std::string TaskStates::counts() const {
  std::vector<std::string> words;
  for (const auto& [place, word] : kWords) {
    const auto found = tasks.find(place);
    if (found != tasks.end()) words.push_back(fmt::format("{} {}", found->second, word));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

TaskStates read_task_states(const std::filesystem::path& study_folder,
                            const std::function<bool(const std::string&)>& is_open) {
  std::vector<Submission> submissions = submissions_of(study_folder);
  std::erase_if(submissions, [](const Submission& submission) { return submission.array_job.empty(); });
  TaskStates states;
  states.any_submission = !submissions.empty();
  const std::map<std::string, TaskName> tasks = tasks_of_open_trials(submissions, is_open);
  const std::vector<QueuedTask> queue = ask_queue(names_of(tasks));
  const QueueIndex known(queue);
  std::map<const Submission*, bool> cancelled;
  for (const Submission& submission : submissions) cancelled[&submission] = is_cancelled(submission);
  std::map<TaskName, std::optional<TaskState>> described;
  for (const auto& [trial, task] : tasks) {
    const auto& [submission, index] = task;
    const auto [found, is_new] = described.try_emplace(task);
    if (is_new) {
      found->second = describe(known.find(*submission, index), *submission, index, cancelled.at(submission));
      if (found->second) ++states.tasks[found->second->place];
    }
    if (found->second) states.by_trial[trial] = *found->second;
  }
  return states;
}

}  // namespace segbench::slurm
