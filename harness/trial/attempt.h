// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/trial.h"
#include "harness/core/warning.h"
#include "harness/trial/event_log.h"

namespace segbench::trial {

/// Where a trial was resumed: `step` steps of `epoch` had been done.
struct ResumePosition {
  std::int64_t epoch = 1, step = 0;
};

/// How an attempt ended, in the words of attempts.jsonl.
struct Ending {
  core::TrialStatus status = core::TrialStatus::kComplete;
  core::FailureReason reason = core::FailureReason::kNone;
  std::string message = {};  ///< one line
  int exit_code = 0;         ///< 128+n after signal n
};

/// What an attempt used.
struct Usage {
  std::int64_t peak_memory_bytes = 0;                         ///< of the process, on the host
  std::optional<std::int64_t> device_peak_memory_bytes = {};  ///< empty on a CPU, or when it cannot be told
  core::Json gpu = nullptr;  ///< its state at the beginning and at the end; null where there is none
};

/// Records one run of a trial in its attempts.jsonl; of the worker.
class Attempt {
 public:
  /// Takes the next free number. Writes only as long as the trial's lock is held.
  Attempt(const std::filesystem::path& trial_folder, const core::FileLock& lock);

  void started(const std::optional<ResumePosition>& resumed_from, const core::Json& environment);
  /// Something of this machine or folder that whoever reads the result should know.
  void warn(const core::Warning& warning);
  void ended(const Ending& ending, const Usage& usage);

 private:
  EventWriter log_;
  std::int64_t number_ = 1;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// The scheduler's word on the attempt `number`, where the worker left none or a wrong one.
void append_verdict(const std::filesystem::path& trial_folder, std::int64_t number, const Ending& ending,
                    double seconds);

/// Records which trials of this run shared the machine with the attempt that has just ended, and how many ran
/// at a time: its times are to be read with that in mind.
void append_company(const std::filesystem::path& trial_folder, std::size_t trials_at_once,
                    const std::vector<std::string>& trial_ids);

}  // namespace segbench::trial
