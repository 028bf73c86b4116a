// SPDX-License-Identifier: MIT
#include "harness/slurm/task_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/machine.h"
#include "harness/core/safetensors.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "harness/trial/standing.h"

namespace segbench::slurm {
namespace {

namespace fs = std::filesystem;

fs::path record_file(const fs::path& submission, std::size_t index) {
  return submission / fmt::format("task-{}.jsonl", index);
}

std::string text_in(const core::Json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

std::string_view to_string(TaskEnd end) {
  switch (end) {
    case TaskEnd::kDone:
      return "done";
    case TaskEnd::kFailed:
      return "failed";
    case TaskEnd::kRequeued:
      return "requeued";
    case TaskEnd::kTime:
      return "time";
    case TaskEnd::kStuck:
      return "stuck";
    case TaskEnd::kTerminated:
      return "terminated";
    case TaskEnd::kElsewhere:
      break;
  }
  return "elsewhere";
}

TaskRecord read_record(const fs::path& submission, std::size_t index) {
  TaskRecord record;
  for (const core::Json& event : trial::read_event_log(record_file(submission, index)).events) {
    record.has_ended = event["type"] == "end";
    if (record.has_ended) {
      record.why = text_in(event, "why");
    } else {
      ++record.starts;
      record.host = text_in(event, "host");
    }
  }
  return record;
}

void record_start(const fs::path& submission, std::size_t index) {
  trial::EventWriter log(record_file(submission, index));
  log.append("start", {{"host", core::host_name()}});
  log.sync();
}

void record_end(const fs::path& submission, std::size_t index, TaskEnd end) {
  trial::EventWriter log(record_file(submission, index));
  log.append("end", {{"why", to_string(end)}});
  log.sync();
}

std::int64_t kept_updates(const fs::path& trial_folder) {
  if (trial::read_trial_standing(trial_folder).status == core::TrialStatus::kComplete)
    return std::numeric_limits<std::int64_t>::max();
  std::int64_t most = 0;
  for (const char* name : {core::kCheckpointFile, core::kPreviousCheckpointFile}) {
    std::error_code absent;
    if (!fs::exists(trial_folder / name, absent)) continue;
    try {
      const core::SafetensorsFile checkpoint(trial_folder / name);
      const auto state = checkpoint.metadata().find("state");
      if (state == checkpoint.metadata().end()) continue;
      const core::Json json = core::Json::parse(state->second, nullptr, /*allow_exceptions=*/false);
      if (json.is_object() && json.contains("updates") && json["updates"].is_number_integer())
        most = std::max(most, json["updates"].get<std::int64_t>());
    } catch (const core::UserError&) {  // damaged, or replaced meanwhile: nothing is kept by it
    }
  }
  return most;
}

}  // namespace segbench::slurm
