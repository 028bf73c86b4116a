// SPDX-License-Identifier: MIT
#include "harness/run/rerun.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json_problem.h"
#include "harness/run/process_executor.h"
#include "harness/trial/attempt_log.h"
#include "harness/trial/files.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

using core::Json;

constexpr double kNoCheckpoints = 86'400;  ///< seconds: a rerun is not resumed

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

DeterminismGrade promised_grade(const Json& environment) {
  const Json determinism = environment.value("determinism", Json::object());
  const std::string grade = determinism.is_object() ? text(determinism, "grade") : "";
  for (const auto known : {DeterminismGrade::kTolerance, DeterminismGrade::kSeeded}) {
    if (grade == to_string(known)) return known;
  }
  return DeterminismGrade::kBitwise;
}

trial::EventLog read_whole_log(const std::filesystem::path& trial_folder) {
  trial::EventLog log = trial::parse_event_log(trial::read_log_text(trial_folder));
  if (log.defects.empty() && !log.events.empty()) return log;
  throw core::UserError(
      fmt::format("{}: the log is damaged{}", (trial_folder / core::kEventsFile).string(),
                  log.defects.empty() ? ": it is empty" : fmt::format(" in line {}", log.defects[0].line)),
      core::kTrialFailed);
}

/// The trial's specification, at home in another folder.
Job make_job(const std::filesystem::path& trial_folder, const std::filesystem::path& folder,
             const std::filesystem::path& cache) {
  core::TrialSpec spec = core::read_trial_spec(trial_folder / core::kTrialFile);
  spec.cache =
      cache.empty()
          ? std::filesystem::weakly_canonical(std::filesystem::absolute(trial_folder) / spec.cache).string()
          : std::filesystem::absolute(cache).string();
  std::filesystem::create_directories(folder);
  core::write_file_atomically(folder / core::kTrialFile, to_json(spec).dump());
  if (const std::filesystem::path engines = trial_folder / trial::kEnginesFile;
      std::filesystem::exists(engines))
    std::filesystem::copy_file(engines, folder / trial::kEnginesFile);
  return {.kind = &training(),
          .id = spec.trial_id,
          .label = spec.variant_label,
          .seed = spec.seed,
          .epochs = spec.variant.training.epochs,
          .folder = folder};
}

Json last_environment(const std::filesystem::path& trial_folder) {
  const std::vector<Json> environments = trial::read_environments(trial_folder);
  return environments.empty() ? Json::object() : environments.back();
}

}  // namespace

std::vector<std::string> environment_differences(const std::filesystem::path& trial_folder,
                                                 const std::filesystem::path& rerun_folder) {
  const Json a = last_environment(trial_folder), b = last_environment(rerun_folder);
  std::vector<std::string> differences;
  for (const auto& [key, value] : b.items()) {
    if (key == "host" || key == "segbench_commit" || key == "segbench_dirty") continue;
    if (key.starts_with("usable_cpus") || key == "openmp_spin_count") continue;  // speed alone
    if (key == "gpu_uuid" || key == "visible_gpus" || key == "mps_share")
      continue;  // another one of the same model
    if (!a.contains(key) || a[key] == value) continue;
    differences.push_back(fmt::format("{}: {} and {}", key,
                                      a[key].dump(-1, ' ', false, Json::error_handler_t::replace),
                                      value.dump(-1, ' ', false, Json::error_handler_t::replace)));
  }
  return differences;
}

TrialMeans means_of(const std::filesystem::path& trial_folder) {
  if (const trial::TrialStanding state = trial::read_trial_standing(trial_folder);
      state.status != core::TrialStatus::kComplete) {
    throw core::UserError(fmt::format("{}: the trial is {}; only a complete one can be verified{}{}",
                                      trial_folder.string(), to_string(state.status),
                                      state.message.empty() ? "" : ": ", state.message));
  }
  TrialMeans means;
  std::set<std::string> ways;
  for (const Json& environment : trial::read_environments(trial_folder)) {
    if (const std::string device = text(environment, "device"); !device.empty()) means.device = device;
    if (environment.contains("threads") && environment["threads"].is_number_integer()) {
      means.threads = environment["threads"];
    }
    means.promised = promised_grade(environment);
    means.cpu = text(environment, "cpu");
    means.libtorch = text(environment, "libtorch");
    if (const std::string way = text(environment, "sums_by"); !way.empty()) ways.insert(way);
  }
  const trial::AttemptLog attempts = trial::read_attempts(trial_folder);
  if (trial::processors(attempts).size() > 1 || ways.size() > 1)
    means.promised = std::max(means.promised, DeterminismGrade::kTolerance);
  for (const core::Warning& warning : attempts.warnings) {
    if (warning.code == "unordered_operations") means.promised = DeterminismGrade::kSeeded;
  }
  return means;
}

RerunComparison rerun_trial(const std::filesystem::path& trial_folder, const std::filesystem::path& folder,
                            WorkerSettings worker, RunObserver& observer,
                            const std::filesystem::path& cache) {
  const TrialMeans means = means_of(trial_folder);
  worker.device = means.device;
  worker.threads = means.threads;
  worker.checkpoint_seconds = kNoCheckpoints;
  const Job job = make_job(trial_folder, folder, cache);
  SignalWatch signals;
  ProcessExecutor executor(worker, signals);
  const ScheduleResult result = run_schedule({job}, {.retries = 0}, executor, observer);
  if (result.signal != 0) throw core::UserError("interrupted", kSignalBase + result.signal);
  const Outcome& outcome = result.outcomes.at(0);
  if (outcome.status != core::TrialStatus::kComplete) {
    throw core::UserError(fmt::format("the rerun of {} did not complete: {} {}", trial_folder.string(),
                                      to_string(outcome.reason), outcome.message),
                          core::kTrialFailed);
  }
  try {
    return compare_with_rerun(read_whole_log(trial_folder), read_whole_log(folder));
  } catch (const Json::exception& error) {
    throw core::UserError(
        fmt::format("{}: the log is damaged: {}", trial_folder.string(), core::json_problem(error)),
        core::kTrialFailed);
  }
}

}  // namespace segbench::run
