// SPDX-License-Identifier: MIT
#include "harness/trial/state.h"

#include <string>
#include <string_view>

#include "harness/core/json.h"

namespace segbench::trial {
namespace {

using core::Json;

template <typename T>
std::optional<T> number(const Json& event, const char* key) {
  const auto found = event.find(key);
  if (found == event.end() || !found->is_number()) return std::nullopt;
  return found->get<T>();
}

/// The last line of `log` that holds `mark`, parsed; null when there is none.
Json last_event(std::string_view log, std::string_view mark) {
  const std::size_t found = log.rfind(mark);
  if (found == std::string_view::npos) return nullptr;
  const std::size_t before = log.rfind('\n', found);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const Json event = Json::parse(log.substr(begin, log.find('\n', found) - begin), nullptr, false);
  return event.is_object() ? event : Json();
}

}  // namespace

std::string_view training_part(std::string_view log) {
  const std::size_t images = log.find("\"type\":\"image\"");
  if (images != std::string_view::npos) log = log.substr(0, images);
  const std::size_t end = log.rfind('\n');
  return log.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

TrialState read_trial_progress(const std::filesystem::path& trial_folder) {
  const std::string events = read_log_text(trial_folder);
  TrialState state{judge_trial(trial_folder, events, read_attempts(trial_folder))};
  const std::string_view log = training_part(events);
  const Json epoch = last_event(log, "\"type\":\"epoch\"");
  if (epoch.is_object()) {
    state.epoch = number<std::int64_t>(epoch, "epoch");
    state.loss = number<double>(epoch, "loss");
  }
  const Json selected = last_event(log, "\"type\":\"selected\"");
  if (selected.is_object()) {
    state.selected_epoch = number<std::int64_t>(selected, "epoch");
    state.selection_metric =
        selected.value("metric", Json()).is_string() ? selected["metric"].get<std::string>() : "";
    state.selection_value = number<double>(selected, "value");
  }
  return state;
}

bool is_paused(core::TrialStatus status, std::string_view message) {
  return status == core::TrialStatus::kInterrupted && message.starts_with("paused after epoch");
}

}  // namespace segbench::trial
