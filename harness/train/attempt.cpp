// SPDX-License-Identifier: MIT
#include "harness/train/attempt.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "harness/core/machine.h"
#include "harness/train/environment.h"
#include "harness/trial/standing.h"

namespace segbench::train {
namespace {

using core::Json;

std::string text_of(const Json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

bool has_whole_log(const std::filesystem::path& trial_folder) {
  return trial::judge_log(trial::read_log_text(trial_folder), trial_folder).state == trial::LogState::kWhole;
}

bool is_complete(const std::filesystem::path& trial_folder) {
  const auto attempts = trial::read_event_log(trial_folder / core::kAttemptsFile).events;
  return has_whole_log(trial_folder) && !attempts.empty() && text_of(attempts.back(), "type") == "ended" &&
         text_of(attempts.back(), "status") == "complete";
}

Attempt::Attempt(const std::filesystem::path& trial_folder) : log_(trial_folder / core::kAttemptsFile) {
  for (const Json& event : trial::read_event_log(trial_folder / core::kAttemptsFile).events) {
    const auto attempt = event.find("attempt");
    if (attempt != event.end() && attempt->is_number_integer()) {
      number_ = std::max(number_, attempt->get<std::int64_t>() + 1);
    }
  }
}

void Attempt::started(const std::optional<ResumePosition>& resumed_from, const Json& environment) {
  const Json position =
      resumed_from ? Json({{"epoch", resumed_from->epoch}, {"step", resumed_from->step}}) : Json();
  log_.append("started", {{"attempt", number_},
                          {"pid", ::getpid()},
                          {"host", core::host_name()},
                          {"resumed_from", position},
                          {"environment", environment}});
  log_.sync();
}

void Attempt::warn(const core::Warning& warning) {
  Json event = warning;
  event["attempt"] = number_;
  log_.append("warning", std::move(event));
}

void Attempt::ended(const Ending& ending, std::int64_t peak_memory_bytes) {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
  log_.append("ended", {{"attempt", number_},
                        {"status", core::to_string(ending.status)},
                        {"reason", core::to_string(ending.reason)},
                        {"message", ending.message},
                        {"exit_code", ending.exit_code},
                        {"peak_memory_bytes", peak_memory_bytes},
                        {"seconds", elapsed.count()}});
  log_.sync();
}

}  // namespace segbench::train
