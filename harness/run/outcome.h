// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "harness/core/trial.h"

namespace segbench::run {

/// The exit code of what signal n ended is this and n, as shells have it.
inline constexpr int kSignalBase = 128;

/// How a worker process ended: with `code`, or by `signal` when that is not 0.
struct WorkerExit {
  int code = 0;
  int signal = 0;
  bool out_of_memory = false;  ///< the kernel's out-of-memory killer was at work meanwhile
  std::string log_tail = {};   ///< last lines of what this attempt wrote to its log
};

/// Why the scheduler told a worker to stop.
enum class StopCause { kNone, kInterrupt, kTimeout, kStall };

/// An attempt whose process has ended, as the scheduler saw it.
struct EndedAttempt {
  WorkerExit exit = {};
  StopCause cause = StopCause::kNone;
  std::string limit = {};            ///< what was exceeded, when the cause is kTimeout or kStall: "60 min"
  double seconds = 0;                ///< how long it ran
  std::int64_t attempts_before = 0;  ///< JobKind::last_attempt() before it started
};

/// What became of a job.
struct Outcome {
  core::TrialStatus status = core::TrialStatus::kPending;
  core::FailureReason reason = core::FailureReason::kNone;
  std::string message = {};
  bool internal_error = false;  ///< the worker met a broken invariant of its own
  int exit_code = 0;            ///< of a task that failed
  bool is_paused = false;     ///< a trial stopped behind the epoch that it was told to; interrupted otherwise
  bool is_elsewhere = false;  ///< another process does the job, or has taken it over: no end of it
  bool operator==(const Outcome&) const = default;
};

/// What the end of a process alone tells: complete with exit code 0, interrupted, out of memory, crashed, or
/// an error with the last words of its log.
Outcome outcome_of(const WorkerExit& exit, StopCause cause);

/// That of an attempt which took too long or was silent for too long.
Outcome overdue(StopCause cause, const std::string& limit);

}  // namespace segbench::run
