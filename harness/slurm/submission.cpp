// SPDX-License-Identifier: MIT
#include "harness/slurm/submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json_problem.h"

namespace segbench::slurm {
namespace {

namespace fs = std::filesystem;
using core::Json;

constexpr int kSchema = 1;

Json to_json(const SubmitOptions& o) {
  return {{"engine", o.engine},   {"partition", o.partition},
          {"account", o.account}, {"time", o.time},
          {"memory", o.memory},   {"cpus", o.cpus},
          {"gpus", o.gpus},       {"max_running", o.max_running},
          {"pack", o.pack},       {"retry_failed", o.retry_failed},
          {"rounds", o.rounds},   {"setup", o.setup.string()},
          {"sbatch", o.sbatch}};
}

SubmitOptions options_from(const Json& json) {
  return {.engine = json.at("engine"),
          .partition = json.at("partition"),
          .account = json.at("account"),
          .time = json.at("time"),
          .memory = json.at("memory"),
          .cpus = json.at("cpus"),
          .gpus = json.at("gpus"),
          .max_running = json.at("max_running"),
          .pack = json.at("pack"),
          .retry_failed = json.at("retry_failed"),
          .rounds = json.at("rounds"),
          .setup = json.at("setup").get<std::string>(),
          .sbatch = json.at("sbatch")};
}

Json to_json(const study::RunSettings& run) {
  return {{"device", run.device},
          {"timeout_minutes", run.timeout_minutes},
          {"stall_minutes", run.stall_minutes},
          {"checkpoint_seconds", run.checkpoint_seconds},
          {"retries", run.retries},
          {"keep_weights", run.keep_weights},
          {"keep_weights_in", run.keep_weights_in},
          {"film_strip", run.film_strip},
          {"devices", run.devices},
          {"jobs_per_device", run.jobs_per_device},
          {"without", run.without}};
}

study::RunSettings run_from(const Json& json) {
  study::RunSettings run;
  run.device = json.at("device");
  run.timeout_minutes = json.at("timeout_minutes");
  run.stall_minutes = json.at("stall_minutes");
  run.checkpoint_seconds = json.at("checkpoint_seconds");
  run.retries = json.at("retries");
  run.keep_weights = json.at("keep_weights");
  run.keep_weights_in = json.at("keep_weights_in");
  // Submissions of before these were passed on lack them.
  run.film_strip = json.value("film_strip", run.film_strip);
  run.devices = json.value("devices", run.devices);
  run.jobs_per_device = json.value("jobs_per_device", run.jobs_per_device);
  run.without = json.value("without", run.without);
  return run;
}

Json to_json(const std::vector<Task>& tasks) {
  Json list = Json::array();
  for (const Task& task : tasks) {
    Json trials = Json::array();
    for (const TaskTrial& trial : task)
      trials.push_back({{"trial", trial.id}, {"seconds", trial.seconds}, {"updates", trial.updates}});
    list.push_back(std::move(trials));
  }
  return list;
}

std::vector<Task> tasks_from(const Json& json) {
  std::vector<Task> tasks;
  for (const Json& trials : json.at("tasks")) {
    Task& task = tasks.emplace_back();
    for (const Json& trial : trials)
      task.push_back({trial.at("trial"), trial.at("seconds"), trial.at("updates")});
  }
  return tasks;
}

std::optional<int> number_of(const fs::path& folder) {
  const std::string name = folder.filename();
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool fits = error == std::errc() && end == name.data() + name.size() && number > 0;
  return fits ? std::optional(number) : std::nullopt;
}

/// Numbered folders under `submit`, ascending.
std::vector<fs::path> numbered(const fs::path& study_folder) {
  std::vector<fs::path> folders;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(study_folder / kSubmitFolder, absent)) {
    if (number_of(entry.path())) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end(),
            [](const fs::path& a, const fs::path& b) { return *number_of(a) < *number_of(b); });
  return folders;
}

}  // namespace

fs::path study_folder_of(const fs::path& submission) {
  return fs::absolute(submission).lexically_normal().parent_path().parent_path();
}

void write_names(const Submission& s) {
  const Json json = {
      {"schema", kSchema},
      {"study", s.study},
      {"created", s.created},
      {"round", s.round},
      {"options", to_json(s.options)},
      {"run", to_json(s.run)},
      {"threads", s.threads},
      {"jobs", s.jobs},
      {"needs", {{"cpus", s.needs.cpus}, {"gpus", s.needs.gpus}, {"memory_bytes", s.needs.memory_bytes}}},
      {"trial_bytes", s.trial_bytes},
      {"held_seconds", s.held_seconds},
      {"array_job", s.array_job},
      {"finish_job", s.finish_job},
      {"cluster", s.cluster}};
  core::write_file_atomically(s.folder / kSubmissionFile, json.dump(1) + '\n');
}

void write_submission(const Submission& submission) {
  const Json tasks = {{"schema", kSchema}, {"tasks", to_json(submission.tasks)}};
  core::write_file_atomically(submission.folder / kTasksFile, tasks.dump(1) + '\n');
  write_names(submission);
}

Submission read_submission(const fs::path& given) {
  const fs::path folder = fs::absolute(given / "").lexically_normal().parent_path();
  const auto read = [&](const char* name) {
    Json json = Json::parse(core::read_file(folder / name), nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || json.value("schema", Json()) != kSchema)
      throw core::UserError(fmt::format("{}: no submission of schema {}", (folder / name).string(), kSchema));
    return json;
  };
  try {
    const Json json = read(kSubmissionFile), tasks = read(kTasksFile);
    return {.folder = folder,
            .study = json.at("study"),
            .created = json.at("created"),
            .round = json.at("round"),
            .options = options_from(json.at("options")),
            .run = run_from(json.at("run")),
            .threads = json.at("threads"),
            .jobs = json.at("jobs"),
            .needs = {.cpus = json.at("needs").at("cpus"),
                      .gpus = json.at("needs").at("gpus"),
                      .memory_bytes = json.at("needs").at("memory_bytes")},
            .trial_bytes = json.value("trial_bytes", std::int64_t{0}),
            .held_seconds = json.at("held_seconds"),
            .array_job = json.at("array_job"),
            .finish_job = json.at("finish_job"),
            .cluster = json.at("cluster"),
            .tasks = tasks_from(tasks)};
  } catch (const Json::exception& error) {
    throw core::UserError(fmt::format("{}: no submission: {}", folder.string(), core::json_problem(error)));
  }
}

std::vector<Submission> submissions_of(const fs::path& study_folder) {
  std::vector<Submission> submissions;
  for (const fs::path& folder : numbered(study_folder)) {
    try {
      submissions.push_back(read_submission(folder));
    } catch (const core::UserError&) {  // one that was never completed, or of a later version
    }
  }
  return submissions;
}

fs::path next_folder(const fs::path& study_folder) {
  const std::vector<fs::path> folders = numbered(study_folder);
  const int number = folders.empty() ? 1 : *number_of(folders.back()) + 1;
  return study_folder / kSubmitFolder / std::to_string(number);
}

bool is_cancelled(const Submission& submission) {
  std::error_code absent;
  return fs::exists(submission.folder / kCancelledFile, absent);
}

}  // namespace segbench::slurm
