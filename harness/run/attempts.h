// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/trial.h"
#include "harness/run/executor.h"

namespace segbench::run {

/// How an attempt ended.
struct Outcome {
  core::TrialStatus status = core::TrialStatus::kPending;
  core::FailureReason reason = core::FailureReason::kNone;
  std::string message = {};
  bool internal_error = false;  ///< the worker met a broken invariant of its own
  bool operator==(const Outcome&) const = default;
};

/// Why the scheduler told a worker to stop.
enum class StopCause { kNone, kInterrupt, kTimeout, kStall };

/// Number of events in the trial's attempts.jsonl: taken before an attempt, it tells its events from older
/// ones.
std::size_t count_attempt_events(const std::filesystem::path& trial_folder);

/// What became of an attempt whose process has ended. The worker's own "ended" event decides; where there is
/// none, or where the scheduler stopped the worker for taking too long, one is appended. `events_before` is
/// the number of events before the attempt, `limit` says what was exceeded ("60 min"), `seconds` how long the
/// attempt ran.
Outcome conclude_attempt(const std::filesystem::path& trial_folder, std::size_t events_before,
                         const WorkerExit& exit, StopCause cause, const std::string& limit, double seconds);

/// Records in attempts.jsonl which trials of this run shared the machine with the attempt that has just
/// ended, and how many ran at a time: its times are to be read with that in mind.
void record_company(const std::filesystem::path& trial_folder, std::size_t trials_at_once,
                    const std::vector<std::string>& trial_ids);

/// "SIGSEGV (Segmentation fault)".
std::string describe_signal(int signal);

}  // namespace segbench::run
