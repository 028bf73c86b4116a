// SPDX-License-Identifier: MIT
#include "harness/trial/state.h"

#include <cstring>
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

/// Logs are long, and most of their bytes are quotes and digits: memmem() goes through them much faster than
/// std::string_view::find().
std::size_t find_mark(std::string_view text, std::string_view mark) {
  const void* found = ::memmem(text.data(), text.size(), mark.data(), mark.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// Where the last line begins.
std::size_t line_begin(std::string_view text) {
  const void* end = ::memrchr(text.data(), '\n', text.size());
  return end == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(end) - text.data()) + 1;
}

/// The last line of `log` (whole lines) that holds `mark`, parsed; null when there is none.
Json last_event(std::string_view log, std::string_view mark) {
  while (!log.empty()) {
    log.remove_suffix(1);  // its line end
    const std::string_view line = log.substr(line_begin(log));
    if (find_mark(line, mark) != std::string_view::npos) {
      const Json event = Json::parse(line, nullptr, false);
      return event.is_object() ? event : Json();
    }
    log.remove_suffix(line.size());
  }
  return nullptr;
}

}  // namespace

std::string_view training_part(std::string_view log) {
  const std::size_t images = find_mark(log, "\"type\":\"image\"");
  if (images != std::string_view::npos) log = log.substr(0, images);
  return log.substr(0, line_begin(log));
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

std::string_view status_word(const TrialStanding& standing) {
  return is_paused(standing.status, standing.message) ? "paused" : core::to_string(standing.status);
}

std::size_t StatusCounts::of(std::string_view word) const {
  const auto found = by_word.find(word);
  return found == by_word.end() ? 0 : found->second;
}

}  // namespace segbench::trial
