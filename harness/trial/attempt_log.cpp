// SPDX-License-Identifier: MIT
#include "harness/trial/attempt_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/trial.h"
#include "harness/trial/event_fields.h"

namespace segbench::trial {
namespace {

using core::Json;

AttemptRecord* find_attempt(std::vector<AttemptRecord>& attempts, std::int64_t number) {
  const auto found = std::find_if(attempts.begin(), attempts.end(),
                                  [&](const AttemptRecord& attempt) { return attempt.attempt == number; });
  return found == attempts.end() ? nullptr : &*found;
}

AttemptRecord read_started(const EventFields& fields) {
  AttemptRecord attempt;
  attempt.attempt = fields.integer("attempt", 1);
  attempt.started = fields.optional_text("time").value_or("");
  attempt.host = fields.optional_text("host").value_or("");
  attempt.pid = fields.optional_integer("pid");
  const EventFields resumed = fields.object("resumed_from");
  attempt.resumed_epoch = resumed.optional_integer("epoch");
  attempt.resumed_step = resumed.optional_integer("step");
  return attempt;
}

void read_ended(const EventFields& fields, AttemptRecord& attempt) {
  AttemptRecord read = attempt;
  read.ended = fields.optional_text("time").value_or("");
  read.status = fields.choice("status", {"complete", "failed", "interrupted"});
  read.reason = fields.has("reason") ? fields.choice("reason", {"", "diverged", "out_of_memory", "crashed",
                                                                "timeout", "error", "device"})
                                     : "";
  read.message = fields.optional_text("message").value_or("");
  read.exit_code = fields.optional_integer("exit_code", INT32_MIN);
  if (const auto peak = fields.optional_integer("peak_memory_bytes")) read.peak_memory_bytes = peak;
  if (const auto peak = fields.optional_integer("device_peak_memory_bytes"))
    read.device_peak_memory_bytes = peak;
  if (const auto seconds = fields.optional_number("seconds")) read.seconds = std::max(0.0, *seconds);
  attempt = std::move(read);
}

void read_attempt_warning(const Json& event, std::vector<core::Warning>& warnings) {
  core::Warning warning = event.get<core::Warning>();
  if (warning.message.empty()) throw BadValue("a warning without a message");
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end())
    warnings.push_back(std::move(warning));
}

void read_attempt_event(const Json& event, AttemptLog& log) {
  const EventFields fields(event);
  const std::string type = fields.text("type");
  if (type == "warning") return read_attempt_warning(event, log.warnings);
  std::vector<AttemptRecord>& attempts = log.attempts;
  AttemptRecord* known = find_attempt(attempts, fields.integer("attempt", 1));
  if (type == "started") {
    if (known != nullptr) throw BadValue(fmt::format("attempt {} started before", known->attempt));
    AttemptRecord attempt = read_started(fields);
    if (fields.has("environment")) {
      fields.object("environment");
      attempt.environment = event.at("environment").dump(-1, ' ', false, Json::error_handler_t::replace);
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

AttemptLog read_attempts(const std::filesystem::path& trial_folder) {
  EventLog log = read_event_log(trial_folder / core::kAttemptsFile);
  AttemptLog read{.attempts = {}, .warnings = {}, .defects = std::move(log.defects)};
  for (std::size_t i = 0; i < log.events.size(); ++i) {
    try {
      read_attempt_event(log.events[i], read);
    } catch (const BadValue& bad) {
      read.defects.push_back({log.lines[i], bad.what()});
    }
  }
  std::stable_sort(read.attempts.begin(), read.attempts.end(),
                   [](const auto& a, const auto& b) { return a.attempt < b.attempt; });
  return read;
}

std::int64_t last_attempt(const AttemptLog& log) {
  return log.attempts.empty() ? 0 : log.attempts.back().attempt;
}

namespace {

std::string text_of(const Json& environment, const char* key) {
  const auto value = environment.find(key);
  return value != environment.end() && value->is_string() ? value->get<std::string>() : "";
}

/// "AMD EPYC 7763, AVX2, BLAS for Zen"; of a GPU its model.
std::string processor_of(const Json& environment) {
  if (text_of(environment, "device").starts_with("cuda")) {
    const Json gpus = environment.value("gpu", Json());
    const bool is_known = gpus.is_array() && !gpus.empty() && gpus[0].is_string();
    return is_known ? gpus[0].get<std::string>() : "a GPU";
  }
  std::string text;
  for (const auto& [key, prefix] :
       {std::pair("cpu", ""), {"cpu_capability", ""}, {"blas_kernel", "BLAS for "}}) {
    const std::string value = text_of(environment, key);
    if (!value.empty()) text += (text.empty() ? "" : ", ") + (prefix + value);
  }
  return text;
}

}  // namespace

std::string gpu_of(const AttemptRecord& attempt) {
  if (attempt.environment.find("\"gpu\":[") == std::string::npos)
    return "";  // of most trials: nothing to parse
  const Json environment = Json::parse(attempt.environment, nullptr, /*allow_exceptions=*/false);
  return environment.is_object() && text_of(environment, "device").starts_with("cuda")
             ? processor_of(environment)
             : "";
}

std::vector<std::string> processors(const AttemptLog& log) {
  std::vector<std::string> found;
  for (const AttemptRecord& attempt : log.attempts) {
    const Json environment = Json::parse(attempt.environment);
    if (environment.empty()) continue;
    if (!attempt.resumed_epoch) found.clear();
    const std::string text = processor_of(environment);
    if (!text.empty() && std::find(found.begin(), found.end(), text) == found.end())
      found.push_back(std::move(text));
  }
  return found;
}

std::vector<Json> read_environments(const std::filesystem::path& trial_folder) {
  std::vector<Json> environments;
  for (const AttemptRecord& attempt : read_attempts(trial_folder).attempts) {
    Json environment = Json::parse(attempt.environment);
    if (!environment.empty()) environments.push_back(std::move(environment));
  }
  return environments;
}

}  // namespace segbench::trial
