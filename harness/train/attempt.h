// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "harness/core/warning.h"
#include "harness/train/failure.h"
#include "harness/train/trainer.h"
#include "harness/trial/event_log.h"

namespace segbench::train {

/// True when the trial's log is whole (trial/standing.h).
bool has_whole_log(const std::filesystem::path& trial_folder);

/// True when, besides, its last attempt is recorded as complete.
bool is_complete(const std::filesystem::path& trial_folder);

/// Records one run of a trial in its attempts.jsonl.
class Attempt {
 public:
  /// Takes the next free number.
  explicit Attempt(const std::filesystem::path& trial_folder);

  void started(const std::optional<ResumePosition>& resumed_from, const core::Json& environment);
  /// Something of this machine or folder that whoever reads the result should know.
  void warn(const core::Warning& warning);
  void ended(const Ending& ending, std::int64_t peak_memory_bytes);

 private:
  trial::EventWriter log_;
  std::int64_t number_ = 1;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace segbench::train
