// SPDX-License-Identifier: MIT
#include "results/exchange/mlflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/text/utf8.h"
#include "results/exchange/output_folder.h"

namespace segbench::exchange {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOfValue = 6000;                                // characters of a parameter
constexpr int kLocalSource = 4, kFinished = 3, kFailed = 4, kKilled = 5;  // mlflow.entities

std::int64_t milliseconds(double seconds) {
  return std::llround(1000 * seconds);
}

/// A string of YAML in single quotes.
std::string quoted(const std::string& text) {
  std::string inside;
  for (const char c : text::clean(text)) inside += c == '\'' ? std::string("''") : std::string(1, c);
  return "'" + inside + "'";
}

/// MLflow takes letters, digits, '_', '-', '.', ' ' and '/' in keys.
std::string key_of(const std::string& name) {
  std::string key;
  for (const unsigned char c : name)
    key += std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == ' ' || c == '/'
               ? static_cast<char>(c)
               : '_';
  return key;
}

void write_entry(const fs::path& folder, const std::string& name, const std::string& text) {
  const fs::path file = folder / key_of(name);
  fs::create_directories(file.parent_path());
  core::write_file_atomically(file, text);
}

/// Runs have 32 hexadecimal digits, experiments a number.
std::string run_id(const store::TrialRecord& record) {
  return core::sha256_hex(record.study + "/" + record.trial_id).substr(0, 32);
}
std::string experiment_id(const std::string& study) {
  return std::to_string(std::stoull(core::sha256_hex(study).substr(0, 14), nullptr, 16));
}

int status_of(core::TrialStatus status) {
  if (status == core::TrialStatus::kComplete) return kFinished;
  return status == core::TrialStatus::kFailed ? kFailed : kKilled;
}

std::string run_meta(const TrialSeries& trial, const std::string& experiment, const std::string& id,
                     const fs::path& place) {
  return fmt::format(
      "artifact_uri: {}\nend_time: {}\nentry_point_name: ''\nexperiment_id: '{}'\nlifecycle_stage: active\n"
      "run_id: {}\nrun_name: {}\nrun_uuid: {}\nsource_name: ''\nsource_type: {}\nsource_version: ''\n"
      "start_time: {}\nstatus: {}\ntags: []\nuser_id: segbench\n",
      quoted("file://" + (place / "artifacts").string()), milliseconds(trial.ended), experiment, id,
      quoted(trial.name), id, kLocalSource, milliseconds(trial.started),
      status_of(trial.trial->record.status));
}

/// `place`: where the experiment will stand when all is written.
void write_run(const TrialSeries& trial, const std::string& experiment, const fs::path& of_experiment,
               const fs::path& place) {
  const store::TrialRecord& record = trial.trial->record;
  const std::string id = run_id(record);
  const fs::path folder = of_experiment / id;
  fs::create_directories(folder / "artifacts");
  for (const auto& [name, value] : trial.settings)
    write_entry(folder / "params", name, text::shortened(value, kMostOfValue));
  write_entry(folder / "params", "seed", std::to_string(record.seed));
  for (const Series& series : trial.series) {
    std::string lines;
    for (const Point& point : series.points)
      lines += fmt::format("{} {} {}\n", milliseconds(point.seconds), point.value, point.step);
    write_entry(folder / "metrics", series.name, lines);
  }
  write_entry(folder / "tags", "mlflow.runName", text::clean(trial.name));
  write_entry(folder / "tags", "segbench.trial", record.trial_id);
  write_entry(folder / "tags", "segbench.variant", text::clean(record.variant_label));
  write_entry(folder / "tags", "segbench.data_fingerprint", record.data_fingerprint);
  core::write_file_atomically(folder / "meta.yaml", run_meta(trial, experiment, id, place / id));
}

}  // namespace

std::size_t write_mlflow(const fs::path& folder, const std::string& study,
                         const std::vector<TrialSeries>& trials) {
  NewFolder filled(folder);
  const std::string experiment = experiment_id(study);
  const fs::path of_experiment = filled.path() / experiment, place = filled.place() / experiment;
  fs::create_directories(of_experiment);
  for (const TrialSeries& trial : trials) write_run(trial, experiment, of_experiment, place);
  double first = 0;
  for (const TrialSeries& trial : trials) first = first == 0 ? trial.started : std::min(first, trial.started);
  core::write_file_atomically(
      of_experiment / "meta.yaml",
      fmt::format("artifact_location: {}\ncreation_time: {}\nexperiment_id: '{}'\nlast_update_time: {}\n"
                  "lifecycle_stage: active\nname: {}\n",
                  quoted("file://" + place.string()), milliseconds(first), experiment, milliseconds(first),
                  quoted(study)));
  filled.put_in_place();
  return trials.size();
}

}  // namespace segbench::exchange
