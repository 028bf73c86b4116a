// SPDX-License-Identifier: MIT
#include "harness/run/trial_state.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <string_view>

#include "harness/core/event_log.h"
#include "harness/core/json.h"
#include "harness/core/machine.h"

namespace segbench::run {
namespace {

using core::Json;
using core::TrialStatus;

template <typename T>
std::optional<T> number(const Json& event, const char* key) {
  const auto found = event.find(key);
  if (found == event.end() || !found->is_number()) return std::nullopt;
  return found->get<T>();
}

std::string text(const Json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_string() ? found->get<std::string>() : "";
}

void apply_ending(const Json& event, TrialState& state) {
  const std::string status = text(event, "status");
  state.status = status == "complete"      ? TrialStatus::kComplete
                 : status == "interrupted" ? TrialStatus::kInterrupted
                                           : TrialStatus::kFailed;
  const std::string reason = text(event, "reason");
  for (const auto known :
       {core::FailureReason::kDiverged, core::FailureReason::kOutOfMemory, core::FailureReason::kCrashed,
        core::FailureReason::kTimeout, core::FailureReason::kError}) {
    if (core::to_string(known) == reason) state.reason = known;
  }
  state.message = text(event, "message");
}

/// A trial that began an attempt and did not end it.
void apply_open_attempt(const Json& started, TrialState& state) {
  state.process = static_cast<int>(number<std::int64_t>(started, "pid").value_or(0));
  const bool elsewhere = !state.host.empty() && state.host != core::host_name();
  if (elsewhere || core::process_mentions(state.process, text(started, "trial_id"))) {
    state.status = TrialStatus::kRunning;
  } else {
    state.status = TrialStatus::kInterrupted;
    state.message = "its process is gone without a word; it continues from its checkpoint";
    state.process = 0;
  }
}

/// The part of an event log before the first image of a final evaluation, without a torn last line.
std::string read_training_part(const std::filesystem::path& file) {
  constexpr std::size_t kBlock = 1 << 16;
  std::string content;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return content;
  while (true) {
    const std::size_t size = content.size();
    content.resize(size + kBlock);
    const ssize_t n = ::read(descriptor, content.data() + size, kBlock);
    content.resize(size + static_cast<std::size_t>(n > 0 ? n : 0));
    const std::size_t images = content.find("\"type\":\"image\"", size > 16 ? size - 16 : 0);
    if (images != std::string::npos) content.resize(images);
    if (n <= 0 || images != std::string::npos) break;
  }
  ::close(descriptor);
  content.resize(content.rfind('\n') == std::string::npos ? 0 : content.rfind('\n') + 1);
  return content;
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

TrialState read_trial_state(const std::filesystem::path& trial_folder) {
  TrialState state;
  Json open_attempt;
  double seconds = 0;
  for (const Json& event : core::read_event_log(trial_folder / core::kAttemptsFile).events) {
    if (event["type"] == "started") {
      state.attempts = number<std::int64_t>(event, "attempt").value_or(state.attempts + 1);
      state.host = text(event, "host");
      open_attempt = event;
    } else if (event["type"] == "ended") {
      state.reason = core::FailureReason::kNone;
      apply_ending(event, state);
      // A second ending of one attempt is the scheduler's verdict on it: the time was counted already.
      if (!open_attempt.is_null()) seconds += number<double>(event, "seconds").value_or(0);
      open_attempt = nullptr;
    }
  }
  if (!open_attempt.is_null()) {
    open_attempt["trial_id"] = trial_folder.filename().string();
    state.reason = core::FailureReason::kNone;
    state.message.clear();
    apply_open_attempt(open_attempt, state);
    if (state.status == TrialStatus::kRunning)
      seconds += core::seconds_since(text(open_attempt, "time")).value_or(0);
  }
  if (state.attempts > 0) state.seconds = seconds;
  return state;
}

TrialState read_trial_progress(const std::filesystem::path& trial_folder) {
  TrialState state = read_trial_state(trial_folder);
  const std::string log = read_training_part(trial_folder / core::kEventsFile);
  const Json epoch = last_event(log, "\"type\":\"epoch\"");
  if (epoch.is_object()) {
    state.epoch = number<std::int64_t>(epoch, "epoch");
    state.loss = number<double>(epoch, "loss");
  }
  const Json selected = last_event(log, "\"type\":\"selected\"");
  if (selected.is_object()) {
    state.selected_epoch = number<std::int64_t>(selected, "epoch");
    state.selection_metric = text(selected, "metric");
    state.selection_value = number<double>(selected, "value");
  }
  return state;
}

}  // namespace segbench::run
