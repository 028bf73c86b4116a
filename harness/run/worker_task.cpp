// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/run/job.h"

namespace segbench::run {
namespace {

/// The worker names itself in front of what it says.
std::string without_name(std::string words) {
  constexpr std::string_view kPrefix = "segbench-worker: ";
  if (words.starts_with(kPrefix)) words.erase(0, kPrefix.size());
  return words;
}

class WorkerTask final : public JobKind {
 public:
  std::vector<std::string> command(const Job& job, const WorkerSettings& settings) const override {
    std::vector<std::string> command = {settings.program.string()};
    command.insert(command.end(), job.arguments.begin(), job.arguments.end());
    command.insert(command.end(), {"--device", settings.device});
    if (settings.threads > 0) command.insert(command.end(), {"--threads", std::to_string(settings.threads)});
    return command;
  }

  bool is_complete(const Job& job) const override {
    std::error_code ignored;
    return std::filesystem::is_regular_file(job.result, ignored);
  }

  Outcome conclude(const Job& job, const EndedAttempt& attempt) const override {
    const bool too_late = attempt.cause == StopCause::kTimeout || attempt.cause == StopCause::kStall;
    Outcome outcome =
        too_late ? overdue(attempt.cause, attempt.limit) : outcome_of(attempt.exit, attempt.cause);
    if (outcome.status == core::TrialStatus::kComplete && !is_complete(job)) {
      return {.status = core::TrialStatus::kFailed,
              .reason = core::FailureReason::kError,
              .message = fmt::format("the worker ended without writing {}", job.result.string())};
    }
    if (outcome.reason == core::FailureReason::kError && !attempt.exit.log_tail.empty())
      outcome.message = without_name(attempt.exit.log_tail);
    outcome.exit_code = attempt.exit.code;
    return outcome;
  }
};

}  // namespace

const JobKind& worker_task() {
  static const WorkerTask kind;
  return kind;
}

}  // namespace segbench::run
