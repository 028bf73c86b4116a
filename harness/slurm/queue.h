// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/slurm/submission.h"

namespace segbench::slurm {

/// A line of the queue: one task of an array.
struct QueuedTask {
  std::string job;            ///< of the array
  std::optional<int> index;   ///< empty: a job that is no array
  std::string state, reason;  ///< in Slurm's words: "PENDING", "Priority"
  std::string node;
  bool operator==(const QueuedTask&) const = default;
};

/// Whether a task in this state will not run any more.
bool is_over(std::string_view state);

/// Asks `squeue` once (once a cluster) for the arrays of submissions. Tasks that ended a while ago are no
/// longer known to it. Throws core::UserError when the cluster does not answer.
std::vector<QueuedTask> ask_queue(const std::vector<Submission>& submissions);

/// What `squeue -h --array -t all -o kQueueFormat` prints.
inline constexpr const char* kQueueFormat = "%F|%K|%T|%r|%N";
std::vector<QueuedTask> parse_queue(std::string_view text);

/// Finds tasks in a queue of thousands, which must outlive it.
class QueueIndex {
 public:
  explicit QueueIndex(const std::vector<QueuedTask>& queue);
  /// The task of a submission; nullptr when the queue does not know it.
  const QueuedTask* find(const Submission& submission, std::size_t index) const;

 private:
  std::map<std::string, std::unordered_map<int, const QueuedTask*>, std::less<>> tasks_;  ///< by job
};

/// Whether any task of the submission may still run.
bool is_live(const std::vector<QueuedTask>& queue, const Submission& submission);

}  // namespace segbench::slurm
