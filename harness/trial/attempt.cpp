// SPDX-License-Identifier: MIT
#include "harness/trial/attempt.h"

#include <unistd.h>

#include <algorithm>

#include "harness/core/machine.h"
#include "harness/core/stopwatch.h"
#include "harness/trial/attempt_log.h"

namespace segbench::trial {
namespace {

core::Json ended_event(std::int64_t number, const Ending& ending, double seconds) {
  return {{"attempt", number},
          {"status", core::to_string(ending.status)},
          {"reason", core::to_string(ending.reason)},
          {"message", ending.message},
          {"exit_code", ending.exit_code},
          {"seconds", seconds}};
}

}  // namespace

Attempt::Attempt(const std::filesystem::path& trial_folder, const core::FileLock& lock)
    : log_(trial_folder / core::kAttemptsFile, UINT64_MAX, LogKind::kPlain, &lock),
      number_(last_attempt(read_attempts(trial_folder)) + 1) {}

void Attempt::started(const std::optional<ResumePosition>& resumed_from, const core::Json& environment) {
  const core::Json position = resumed_from
                                  ? core::Json({{"epoch", resumed_from->epoch}, {"step", resumed_from->step}})
                                  : core::Json();
  log_.append("started", {{"attempt", number_},
                          {"pid", ::getpid()},
                          {"host", core::host_name()},
                          {"resumed_from", position},
                          {"environment", environment}});
  log_.sync();
}

void Attempt::warn(const core::Warning& warning) {
  core::Json event = warning;
  event["attempt"] = number_;
  log_.append("warning", std::move(event));
}

void Attempt::ended(const Ending& ending, const Usage& usage) {
  core::Json event = ended_event(number_, ending, core::seconds_since(begin_));
  event["peak_memory_bytes"] = usage.peak_memory_bytes;
  if (usage.device_peak_memory_bytes) event["device_peak_memory_bytes"] = *usage.device_peak_memory_bytes;
  if (!usage.gpu.is_null()) event["gpu"] = usage.gpu;
  log_.append("ended", std::move(event));
  log_.sync();
}

void append_verdict(const std::filesystem::path& trial_folder, std::int64_t number, const Ending& ending,
                    double seconds) {
  core::Json event = ended_event(number, ending, seconds);
  event["peak_memory_bytes"] = nullptr;
  event["written_by"] = "scheduler";
  EventWriter writer(trial_folder / core::kAttemptsFile);
  writer.append("ended", std::move(event));
  writer.sync();
}

void append_company(const std::filesystem::path& trial_folder, std::size_t trials_at_once,
                    const std::vector<std::string>& trial_ids) {
  constexpr std::size_t kMostNamed = 64;
  const auto end = trial_ids.begin() + static_cast<std::ptrdiff_t>(std::min(kMostNamed, trial_ids.size()));
  EventWriter(trial_folder / core::kAttemptsFile)
      .append("shared", {{"attempt", last_attempt(read_attempts(trial_folder))},
                         {"trials_at_once", trials_at_once},
                         {"with", std::vector<std::string>(trial_ids.begin(), end)}});
}

}  // namespace segbench::trial
