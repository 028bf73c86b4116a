// SPDX-License-Identifier: MIT
#include "harness/slurm/queue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "harness/slurm/client.h"

namespace segbench::slurm {

bool is_over(std::string_view state) {
  constexpr std::array<std::string_view, 10> kOver = {"COMPLETED",     "CANCELLED", "FAILED",    "TIMEOUT",
                                                      "NODE_FAIL",     "PREEMPTED", "BOOT_FAIL", "DEADLINE",
                                                      "OUT_OF_MEMORY", "REVOKED"};
  return std::find(kOver.begin(), kOver.end(), state) != kOver.end();
}

std::vector<QueuedTask> parse_queue(std::string_view text) {
  std::vector<QueuedTask> queue;
  for (const std::string& line : core::split(text, '\n')) {
    const std::vector<std::string> words = core::split(line, '|');
    if (words.size() < 5) continue;
    QueuedTask task{.job = words[0], .index = {}, .state = words[2], .reason = words[3], .node = words[4]};
    int index = 0;
    const auto [end, error] = std::from_chars(words[1].data(), words[1].data() + words[1].size(), index);
    if (error == std::errc() && end == words[1].data() + words[1].size()) task.index = index;
    queue.push_back(std::move(task));
  }
  return queue;
}

std::vector<QueuedTask> ask_queue(const std::vector<Submission>& submissions) {
  std::map<std::string, std::vector<std::string>> by_cluster;
  for (const Submission& submission : submissions) {
    if (!submission.array_job.empty()) by_cluster[submission.cluster].push_back(submission.array_job);
  }
  std::vector<QueuedTask> queue;
  for (const auto& [cluster, jobs] : by_cluster) {
    std::vector<std::string> command = {"squeue",     "-h",  "--array",
                                        "-t",         "all", "-o",
                                        kQueueFormat, "-j",  fmt::format("{}", fmt::join(jobs, ","))};
    if (!cluster.empty()) command.insert(command.end(), {"-M", cluster});
    const run::CommandResult result = call(command);
    // Of a single job that ended a while ago squeue knows nothing, and calls that an error.
    if (result.code != 0 && result.err.find("Invalid job id") != std::string::npos) continue;
    if (result.code != 0)
      throw core::UserError(fmt::format("the queue cannot be asked: {}", core::trim(result.err)),
                            core::kTrialFailed);
    for (QueuedTask& task : parse_queue(result.out)) queue.push_back(std::move(task));
  }
  return queue;
}

QueueIndex::QueueIndex(const std::vector<QueuedTask>& queue) {
  for (const QueuedTask& task : queue) {
    if (task.index) tasks_[task.job].emplace(*task.index, &task);
  }
}

const QueuedTask* QueueIndex::find(const Submission& submission, std::size_t index) const {
  const auto job = tasks_.find(submission.array_job);
  if (job == tasks_.end()) return nullptr;
  const auto task = job->second.find(static_cast<int>(index));
  return task == job->second.end() ? nullptr : task->second;
}

bool is_live(const std::vector<QueuedTask>& queue, const Submission& submission) {
  return std::any_of(queue.begin(), queue.end(), [&](const QueuedTask& task) {
    return task.job == submission.array_job && !is_over(task.state);
  });
}

}  // namespace segbench::slurm
