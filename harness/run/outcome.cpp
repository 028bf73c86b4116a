// SPDX-License-Identifier: MIT
#include "harness/run/outcome.h"

#include <fmt/format.h>

#include <csignal>

#include "harness/core/error.h"
#include "harness/core/signals.h"

namespace segbench::run {
namespace {

using core::FailureReason;
using core::TrialStatus;

bool is_request_to_end(int signal) {
  return signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
}

std::string with_log(std::string message, const std::string& log_tail) {
  if (!log_tail.empty()) message += "; last lines of worker.log:\n" + log_tail;
  return message;
}

}  // namespace

Outcome overdue(StopCause cause, const std::string& limit) {
  return {
      .status = TrialStatus::kFailed,
      .reason = FailureReason::kTimeout,
      .message = cause == StopCause::kTimeout ? "ran longer than " + limit : "no sign of life for " + limit};
}

Outcome outcome_of(const WorkerExit& exit, StopCause cause) {
  const int asked = exit.signal != 0 ? exit.signal : exit.code - kSignalBase;
  if (exit.signal == 0 && exit.code == core::kSuccess) return {.status = TrialStatus::kComplete};
  if (exit.signal == 0 && exit.code == core::kTryAgain) {
    return {.status = TrialStatus::kPending,
            .message = with_log("another process does this", exit.log_tail),
            .is_elsewhere = true};
  }
  if (cause == StopCause::kInterrupt || is_request_to_end(asked))
    return {.status = TrialStatus::kInterrupted, .message = "interrupted"};
  if (exit.signal == SIGKILL && exit.out_of_memory) {
    return {.status = TrialStatus::kFailed,
            .reason = FailureReason::kOutOfMemory,
            .message = "killed by the system, which ran out of memory"};
  }
  if (exit.signal != 0) {
    return {.status = TrialStatus::kFailed,
            .reason = FailureReason::kCrashed,
            .message = with_log("killed by " + core::describe_signal(exit.signal), exit.log_tail)};
  }
  Outcome outcome{.status = TrialStatus::kFailed,
                  .reason = exit.code == core::kNoDevice ? FailureReason::kDevice : FailureReason::kError};
  outcome.internal_error = exit.code == core::kInternalError;
  outcome.message =
      with_log(outcome.internal_error ? "internal error of the worker (exit code 70)"
                                      : fmt::format("the worker ended with exit code {}", exit.code),
               exit.log_tail);
  return outcome;
}

}  // namespace segbench::run
