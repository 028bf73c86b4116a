// SPDX-License-Identifier: MIT
#include "harness/trial/trial_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/trial/event_fields.h"
#include "harness/trial/event_log.h"

namespace segbench::trial {
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
  if (const auto peak = fields.optional_integer("peak_memory_bytes")) read.peak_memory_bytes = peak;
  if (const auto seconds = fields.optional_number("seconds")) read.seconds = std::max(0.0, *seconds);
  attempt = std::move(read);
}

void read_attempt_event(const Json& event, std::vector<AttemptRecord>& attempts) {
  const EventFields fields(event);
  const std::string type = fields.text("type");
  if (type == "warning") return;  // read_machine_warnings() takes them
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
    // The scheduler's verdict (it took too long, its log has no end) stands behind the worker's own word.
    if (known != nullptr && known->ended && fields.optional_text("written_by") != "scheduler")
      throw BadValue(fmt::format("attempt {} ended before", known->attempt));
    read_ended(fields, known != nullptr ? *known : attempt);
    if (known == nullptr) attempts.push_back(std::move(attempt));
  } else if (type == "shared") {
    if (known == nullptr) throw BadValue("belongs to no attempt");
    known->trials_at_once = fields.integer("trials_at_once", 1);
    known->shared_with = fields.array("with").dump(-1, ' ', false, Json::error_handler_t::replace);
  } else {
    throw BadValue(fmt::format("unknown type \"{}\"", type.substr(0, 40)));
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
  const EventLog log = read_event_log(file);
  for (const EventDefect& defect : log.defects) warnings.add(file, defect.line, defect.message);
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

std::vector<core::Warning> read_machine_warnings(const std::filesystem::path& attempts_file) {
  std::vector<core::Warning> warnings;
  for (const Json& event : read_event_log(attempts_file).events) {
    if (event.at("type") != "warning") continue;
    core::Warning warning = event.get<core::Warning>();
    if (warning.message.empty() || std::find(warnings.begin(), warnings.end(), warning) != warnings.end())
      continue;
    warnings.push_back(std::move(warning));
  }
  return warnings;
}

}  // namespace segbench::trial
