// SPDX-License-Identifier: MIT
#include "harness/run/attempts.h"

#include <fmt/format.h>

#include <csignal>

#include "harness/core/error.h"
#include "harness/trial/attempt.h"
#include "harness/trial/attempt_log.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

using core::FailureReason;
using core::TrialStatus;

/// For a worker that left no word: the outcome that its exit tells, with what that means for a training.
Outcome from_exit(const WorkerExit& exit, StopCause cause) {
  Outcome outcome = outcome_of(exit, cause);
  if (outcome.status == TrialStatus::kInterrupted && cause == StopCause::kInterrupt && exit.signal == SIGKILL)
    outcome.message = "killed before it wrote a checkpoint; it continues from the one before";
  if (outcome.reason == FailureReason::kOutOfMemory)
    outcome.message += "; a smaller batch_size or fewer --jobs need less";
  return outcome;
}

/// By the worker's own "ended" event.
Outcome from_record(const trial::AttemptRecord& attempt, const WorkerExit& exit) {
  Outcome outcome{.status = core::trial_status_from_string(*attempt.status),
                  .reason = core::failure_reason_from_string(attempt.reason.value_or("")),
                  .message = attempt.message.value_or("")};
  outcome.internal_error = exit.signal == 0 && exit.code == core::kInternalError;
  outcome.is_paused =
      outcome.status == TrialStatus::kInterrupted && exit.signal == 0 && exit.code == core::kSuccess;
  return outcome;
}

/// What the trial's log says has the last word: it makes a trial complete, and nothing else does.
Outcome proven(const std::filesystem::path& trial_folder, Outcome outcome) {
  const trial::LogEvidence log = trial::read_evidence(trial_folder);
  if (log.state == trial::LogState::kWhole && outcome.status != TrialStatus::kComplete) {
    return {.status = TrialStatus::kComplete, .internal_error = outcome.internal_error};
  }
  if (log.state != trial::LogState::kWhole && outcome.status == TrialStatus::kComplete) {
    const std::string why = log.defect.empty() ? fmt::format("{} has no end", core::kEventsFile) : log.defect;
    return {.status = TrialStatus::kFailed,
            .reason = FailureReason::kError,
            .message = "the worker says that it is done, but " + why};
  }
  return outcome;
}

}  // namespace

Outcome conclude_attempt(const std::filesystem::path& trial_folder, const EndedAttempt& attempt) {
  const auto& [exit, cause, limit, seconds, attempts_before] = attempt;
  if (Outcome outcome = outcome_of(exit, cause); outcome.is_elsewhere) return outcome;  // the log is not ours
  const trial::AttemptLog log = trial::read_attempts(trial_folder);
  const bool has_begun = trial::last_attempt(log) > attempts_before;
  const bool has_ended = has_begun && log.attempts.back().status;
  const bool too_late = cause == StopCause::kTimeout || cause == StopCause::kStall;
  const Outcome told = has_ended ? from_record(log.attempts.back(), exit) : from_exit(exit, cause);
  Outcome outcome = told;
  if (too_late && outcome.status != TrialStatus::kComplete) outcome = overdue(cause, limit);
  outcome = proven(trial_folder, outcome);
  if (has_ended && outcome == told) return outcome;
  trial::append_verdict(trial_folder, has_begun ? trial::last_attempt(log) : attempts_before + 1,
                        {.status = outcome.status,
                         .reason = outcome.reason,
                         .message = outcome.message,
                         .exit_code = exit.signal != 0 ? kSignalBase + exit.signal : exit.code},
                        seconds);
  return outcome;
}

}  // namespace segbench::run
