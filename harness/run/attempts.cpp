// SPDX-License-Identifier: MIT
#include "harness/run/attempts.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "harness/core/error.h"
#include "harness/trial/event_log.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

using core::FailureReason;
using core::Json;
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

Outcome from_event(const Json& ended, const WorkerExit& exit) {
  Outcome outcome{.status = core::trial_status_from_string(ended.at("status").get<std::string>()),
                  .reason = core::failure_reason_from_string(ended.value("reason", "")),
                  .message = ended.value("message", "")};
  outcome.internal_error = exit.signal == 0 && exit.code == core::kInternalError;
  return outcome;
}

/// What the trial's log says has the last word: it makes a trial complete, and nothing else does.
Outcome proven(const std::filesystem::path& trial_folder, Outcome outcome) {
  const trial::LogEvidence log = trial::judge_log(trial::read_log_text(trial_folder), trial_folder);
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

/// The attempt's own "ended" event; nullptr when the worker could not write a usable one.
const Json* own_ending(const trial::EventLog& log, std::size_t events_before) {
  if (log.events.size() <= events_before) return nullptr;
  const Json& last = log.events.back();
  const bool usable = last.at("type") == "ended" && last.contains("status") && last["status"].is_string() &&
                      (!last.contains("reason") || last["reason"].is_string()) &&
                      (!last.contains("message") || last["message"].is_string());
  return usable ? &last : nullptr;
}

std::int64_t attempt_number(const trial::EventLog& log, std::size_t events_before) {
  std::int64_t number = 0;
  for (std::size_t i = 0; i < log.events.size(); ++i) {
    const Json& event = log.events[i];
    if (event.contains("attempt") && event["attempt"].is_number_integer()) number = event["attempt"];
  }
  return log.events.size() > events_before ? number : number + 1;
}

}  // namespace

std::size_t count_attempt_events(const std::filesystem::path& trial_folder) {
  return trial::read_event_log(trial_folder / core::kAttemptsFile).events.size();
}

Outcome conclude_attempt(const std::filesystem::path& trial_folder, const EndedAttempt& attempt) {
  const auto& [exit, cause, limit, seconds, events_before] = attempt;
  const std::filesystem::path file = trial_folder / core::kAttemptsFile;
  const trial::EventLog log = trial::read_event_log(file);
  const Json* ending = own_ending(log, events_before);
  const bool too_late = cause == StopCause::kTimeout || cause == StopCause::kStall;
  Outcome outcome = ending != nullptr ? from_event(*ending, exit) : from_exit(exit, cause);
  if (too_late && outcome.status != TrialStatus::kComplete) outcome = overdue(cause, limit);
  outcome = proven(trial_folder, outcome);
  if (ending != nullptr && outcome == from_event(*ending, exit)) return outcome;

  trial::EventWriter writer(file);
  writer.append("ended", {{"attempt", attempt_number(log, events_before)},
                          {"status", core::to_string(outcome.status)},
                          {"reason", core::to_string(outcome.reason)},
                          {"message", outcome.message},
                          {"exit_code", exit.signal != 0 ? kSignalBase + exit.signal : exit.code},
                          {"peak_memory_bytes", nullptr},
                          {"seconds", seconds},
                          {"written_by", "scheduler"}});
  writer.sync();
  return outcome;
}

void record_company(const std::filesystem::path& trial_folder, std::size_t trials_at_once,
                    const std::vector<std::string>& trial_ids) {
  constexpr std::size_t kMostNamed = 64;
  const std::filesystem::path file = trial_folder / core::kAttemptsFile;
  const std::int64_t attempt = attempt_number(trial::read_event_log(file), 0);
  const auto end = trial_ids.begin() + static_cast<std::ptrdiff_t>(std::min(kMostNamed, trial_ids.size()));
  trial::EventWriter(file).append("shared", {{"attempt", attempt},
                                             {"trials_at_once", trials_at_once},
                                             {"with", std::vector<std::string>(trial_ids.begin(), end)}});
}

}  // namespace segbench::run
