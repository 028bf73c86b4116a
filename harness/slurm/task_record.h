// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace segbench::slurm {

/// Why a task ended, in the words of its record.
enum class TaskEnd {
  kDone,        ///< nothing is left of it
  kFailed,      ///< nothing is left but failed trials
  kRequeued,    ///< time was almost up; Slurm was asked to start it again
  kTime,        ///< time was almost up, and Slurm would not
  kStuck,       ///< time was almost up, and nothing was gained
  kTerminated,  ///< it was told to end
  kElsewhere,   ///< another process has what is left
};
std::string_view to_string(TaskEnd end);

/// What task-<index>.jsonl says: events "start" {"host"} and "end" {"why"} in turns.
struct TaskRecord {
  int starts = 0;
  std::string host;        ///< of the last start
  bool has_ended = false;  ///< since the last start
  std::string why;         ///< of that end
};
TaskRecord read_record(const std::filesystem::path& submission, std::size_t index);
void record_start(const std::filesystem::path& submission, std::size_t index);
void record_end(const std::filesystem::path& submission, std::size_t index, TaskEnd end);

/// Updates of a trial that would not be lost if its process ended now: of its checkpoint, or more than any
/// number when it is complete.
std::int64_t kept_updates(const std::filesystem::path& trial_folder);

}  // namespace segbench::slurm
