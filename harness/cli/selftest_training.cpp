// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/cli/selftest_checks.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/run/process_executor.h"
#include "harness/run/rerun.h"
#include "harness/run/study_plan.h"

namespace segbench::cli {
namespace {

constexpr const char* kStudy = R"(schema = 1
name = "selftest"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 16
selection_images = 4
test_images = 4
[model]
architecture = "unet"
size = "small"
width = 0.1
[training]
epochs = 2
batch_size = 8
loss = "cross_entropy"
optimizer = { name = "adam", learning_rate = 1e-3 }
[trials]
seeds = [1]
)";

/// Runs the study's only trial; returns its folder.
std::filesystem::path train(const std::filesystem::path& scratch, const run::WorkerSettings& worker) {
  core::write_file_atomically(scratch / "selftest.toml", kStudy);
  const study::Study study = study::load_study(scratch / "selftest.toml");
  const run::StudyData data = run::prepare_study_data(study, scratch / "cache");
  const run::PlannedTrial trial = run::plan_study(study, data, scratch).trials.at(0);
  run::write_trial_spec(trial);
  run::SignalWatch signals;
  run::ProcessExecutor executor(worker, signals);
  run::RunObserver silent;
  const run::ScheduleResult result = run::run_schedule({{.kind = &run::training(),
                                                         .id = trial.spec.trial_id,
                                                         .label = "selftest",
                                                         .seed = 1,
                                                         .epochs = 2,
                                                         .folder = trial.folder}},
                                                       {}, executor, silent);
  if (result.signal != 0) throw core::UserError("interrupted");
  const run::Outcome& outcome = result.outcomes.at(0);
  if (outcome.status != core::TrialStatus::kComplete)
    throw core::UserError("a trial failed: " + outcome.message);
  return trial.folder;
}

}  // namespace

CheckResult check_training(const std::filesystem::path& scratch) {
  CheckResult result = check("training", [&] {
    const run::WorkerSettings worker{.program = run::find_worker(), .threads = 1};
    const std::filesystem::path trial = train(scratch, worker);
    run::RunObserver silent;
    const run::RerunComparison comparison = run::rerun_trial(trial, scratch / "rerun", worker, silent);
    const run::DeterminismGrade promised = run::means_of(trial).promised;
    if (comparison.grade > promised) {
      throw core::UserError(fmt::format("two equal trials differ: {}", comparison.first_difference));
    }
    return fmt::format("a trial of two epochs ran twice: {}", to_string(comparison.grade));
  });
  return result;
}

}  // namespace segbench::cli
