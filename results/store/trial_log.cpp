// SPDX-License-Identifier: MIT
#include "results/store/trial_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/event_log.h"
#include "harness/core/files.h"
#include "results/store/event_fields.h"

namespace segbench::store {
namespace {

using core::Json;

constexpr int kWarningsPerFile = 20;

AttemptRecord* find_attempt(std::vector<AttemptRecord>& attempts, std::int64_t number) {
  const auto found = std::find_if(attempts.begin(), attempts.end(),
                                  [&](const AttemptRecord& attempt) { return attempt.attempt == number; });
  return found == attempts.end() ? nullptr : &*found;
}

AttemptRecord read_started(const EventFields& fields) {
  AttemptRecord attempt;
  attempt.attempt = fields.integer("attempt", 1);
  attempt.started = fields.text("time");
  attempt.host = fields.optional_text("host").value_or("");
  attempt.pid = fields.optional_integer("pid");
  const EventFields resumed = fields.object("resumed_from");
  attempt.resumed_epoch = resumed.optional_integer("epoch");
  attempt.resumed_step = resumed.optional_integer("step");
  return attempt;
}

void read_ended(const EventFields& fields, AttemptRecord& attempt) {
  AttemptRecord read = attempt;
  read.ended = fields.text("time");
  read.status = fields.choice("status", {"complete", "failed", "interrupted"});
  read.reason = fields.choice("reason", {"", "diverged", "out_of_memory", "crashed", "timeout", "error"});
  read.message = fields.optional_text("message").value_or("");
  read.exit_code = fields.optional_integer("exit_code", INT32_MIN);
  read.peak_memory_bytes = fields.optional_integer("peak_memory_bytes");
  read.seconds = fields.optional_number("seconds");
  attempt = std::move(read);
}

void read_attempt_event(const Json& event, std::vector<AttemptRecord>& attempts) {
  const EventFields fields(event);
  const std::string type = fields.text("type");
  AttemptRecord* known = find_attempt(attempts, fields.integer("attempt", 1));
  if (type == "started") {
    if (known != nullptr) throw BadValue(fmt::format("attempt {} started before", known->attempt));
    AttemptRecord attempt = read_started(fields);
    if (fields.has("environment")) {
      fields.object("environment");
      attempt.environment = event.at("environment").dump();
    }
    attempts.push_back(std::move(attempt));
  } else if (type == "ended") {
    // A worker that dies before its first line leaves only the scheduler's "ended".
    AttemptRecord attempt;
    attempt.attempt = fields.integer("attempt", 1);
    if (known != nullptr && known->ended)
      throw BadValue(fmt::format("attempt {} ended before", known->attempt));
    read_ended(fields, known != nullptr ? *known : attempt);
    if (known == nullptr) attempts.push_back(std::move(attempt));
  } else {
    throw BadValue(fmt::format("unknown type \"{}\"", type.substr(0, 40)));
  }
}

bool is_locked(const std::filesystem::path& trial_folder) {
  const std::filesystem::path lock = trial_folder / core::kTrialLockFile;
  if (!std::filesystem::exists(lock)) return false;
  try {
    return !core::FileLock::try_acquire(lock).has_value();
  } catch (const core::UserError&) {
    return false;  // a folder that we may only read: nobody runs a trial in it
  }
}

}  // namespace

void Warnings::add(const std::filesystem::path& file, int line, const std::string& message) {
  if (++seen_[file] <= kWarningsPerFile)
    lines_.push_back(core::Problem{file.string(), line, 0, message}.to_string());
}

std::vector<std::string> Warnings::take() {
  for (const auto& [file, count] : seen_) {
    if (count > kWarningsPerFile)
      lines_.push_back(fmt::format("{}: {} more lines like these", file.string(), count - kWarningsPerFile));
  }
  seen_.clear();
  return std::move(lines_);
}

std::vector<AttemptRecord> read_attempts(const std::filesystem::path& file, Warnings& warnings) {
  const core::EventLog log = core::read_event_log(file);
  for (const core::EventDefect& defect : log.defects) warnings.add(file, defect.line, defect.message);
  std::vector<AttemptRecord> attempts;
  for (std::size_t i = 0; i < log.events.size(); ++i) {
    try {
      read_attempt_event(log.events[i], attempts);
    } catch (const BadValue& bad) {
      warnings.add(file, log.lines[i], bad.what());
    }
  }
  std::sort(attempts.begin(), attempts.end(),
            [](const auto& a, const auto& b) { return a.attempt < b.attempt; });
  return attempts;
}

TrialState trial_state(const EventSummary& events, const std::vector<AttemptRecord>& attempts,
                       const std::filesystem::path& trial_folder) {
  using core::FailureReason, core::TrialStatus;
  if (events.finished) return {TrialStatus::kComplete, FailureReason::kNone, ""};
  if (events.diverged) return {TrialStatus::kFailed, FailureReason::kDiverged, events.ending};
  if (attempts.empty())
    return {events.empty ? TrialStatus::kPending : TrialStatus::kInterrupted, FailureReason::kNone, ""};
  const AttemptRecord& last = attempts.back();
  if (!last.status)
    return {is_locked(trial_folder) ? TrialStatus::kRunning : TrialStatus::kInterrupted, FailureReason::kNone,
            ""};
  if (*last.status == "complete") {
    return {TrialStatus::kInterrupted, FailureReason::kNone,
            "the attempt ended, but its log has no end: events are lost"};
  }
  return {core::trial_status_from_string(*last.status), core::failure_reason_from_string(*last.reason),
          *last.message};
}

}  // namespace segbench::store
