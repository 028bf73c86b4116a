// SPDX-License-Identifier: MIT
#include "harness/slurm/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "harness/core/error.h"
#include "harness/core/gpu.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "harness/run/batch_job.h"
#include "harness/run/means.h"
#include "harness/run/process_executor.h"
#include "harness/slurm/client.h"
#include "harness/slurm/task_record.h"

namespace segbench::slurm {
namespace {

namespace fs = std::filesystem;

constexpr int kMostStarts = 50;

std::vector<run::PlannedTrial> trials_of(const Submission& submission, const Task& task) {
  std::vector<run::PlannedTrial> trials;
  for (const TaskTrial& trial : task) {
    const fs::path folder = study_folder_of(submission.folder) / core::kTrialsFolder / trial.id;
    trials.push_back({.spec = core::read_trial_spec(folder / core::kTrialFile), .folder = folder});
  }
  return trials;
}

using Kept = std::map<std::string, std::int64_t>;

Kept kept_by(const std::vector<run::PlannedTrial>& trials) {
  Kept kept;
  for (const run::PlannedTrial& trial : trials) kept[trial.spec.trial_id] = kept_updates(trial.folder);
  return kept;
}

bool has_gained(const Kept& before, const Kept& after) {
  return std::any_of(after.begin(), after.end(),
                     [&](const auto& entry) { return entry.second > before.at(entry.first); });
}

/// Slurm's answer to a request to start a task again; "" when it will.
std::string requeue(const std::string& name) {
  try {
    answer({"scontrol", "requeue", name}, core::kTrialFailed);
    return "";
  } catch (const core::UserError& error) {
    return error.what();
  }
}

/// Time was almost up.
TaskResult make_room(const TaskRequest& request, bool gained) {
  const auto end = [&](TaskEnd how) { record_end(request.folder, request.index, how); };
  if (!gained) {
    end(TaskEnd::kStuck);
    return {
        core::kTryAgain,
        "time was almost up before a single step was done: the task needs a longer --time, or fewer trials "
        "(--pack)"};
  }
  if (request.requeue_as.empty() || read_record(request.folder, request.index).starts >= kMostStarts) {
    end(TaskEnd::kTime);
    return {core::kTryAgain, "time was almost up; the same command goes on"};
  }
  end(TaskEnd::kRequeued);  // said before it is done: Slurm ends this process at once
  const std::string refusal = requeue(request.requeue_as);
  if (refusal.empty())
    return {core::kSuccess, fmt::format("time was almost up; Slurm starts {} again", request.requeue_as)};
  end(TaskEnd::kTime);
  return {
      core::kTryAgain,
      fmt::format("time was almost up, and Slurm does not start the task again: {}; what is left goes on in "
                  "another submission",
                  refusal)};
}

TaskResult conclude(const TaskRequest& request, const run::ScheduleResult& result, bool gained) {
  const auto count = [&](core::TrialStatus status) {
    return std::count_if(result.outcomes.begin(), result.outcomes.end(),
                         [&](const run::Outcome& outcome) { return outcome.status == status; });
  };
  const auto complete = count(core::TrialStatus::kComplete);
  const bool is_whole = complete == static_cast<std::ptrdiff_t>(result.outcomes.size());
  const auto end = [&](TaskEnd how) { record_end(request.folder, request.index, how); };
  if (result.internal_error) {
    end(TaskEnd::kFailed);
    throw core::InternalError(
        "segbench-worker met a broken invariant; its words are in the trial's worker.log");
  }
  if (!is_whole && result.signal == SIGUSR2) return make_room(request, gained);
  if (!is_whole && result.signal != 0) {
    end(TaskEnd::kTerminated);
    return {run::kSignalBase + result.signal, "told to end; checkpoints are written"};
  }
  if (count(core::TrialStatus::kFailed) > 0) {
    end(TaskEnd::kFailed);
    return {core::kTrialFailed, fmt::format("{} failed", count(core::TrialStatus::kFailed))};
  }
  if (!is_whole) {
    end(TaskEnd::kElsewhere);
    return {core::kTryAgain, "what is left is run elsewhere"};
  }
  end(TaskEnd::kDone);
  return {core::kSuccess, fmt::format("{} complete", complete)};
}

}  // namespace

TaskResult run_task(const TaskRequest& request, const MakeObserver& make_observer) {
  run::SignalWatch signals;  // from now on a signal is a request
  const Submission submission = read_submission(request.folder);
  if (request.index >= submission.tasks.size()) {
    throw core::UserError(fmt::format("{}: there is no task {}; there are {}, from 0 to {}",
                                      request.folder.string(), request.index, submission.tasks.size(),
                                      submission.tasks.size() - 1));
  }
  const std::vector<run::PlannedTrial> trials = trials_of(submission, submission.tasks[request.index]);
  const study::RunSettings& settings = submission.run;
  run::WorkerSettings worker = run::worker_of(settings);
  worker.threads = submission.threads;
  const int processes = run::fewest_processes(trials);
  const std::vector<run::Place> places =
      run::places_in_job(settings, core::read_gpus().gpus, run::visible_here(), submission.jobs, processes);
  run::worker_environment(worker.program, worker.device);  // whether it works on this node at all
  record_start(request.folder, request.index);
  const bool is_first_start = read_record(request.folder, request.index).starts == 1;
  run::Agenda agenda = run::make_agenda(trials, submission.options.retry_failed && is_first_start);
  run::give_threads(agenda, {.jobs = submission.jobs, .threads = submission.threads}, /*is_asked_for=*/false);
  const Kept before = kept_by(trials);
  const std::unique_ptr<run::RunObserver> observer = make_observer(agenda, submission);
  run::ProcessExecutor executor(worker, signals);
  using Minutes = std::chrono::duration<double, std::ratio<60>>;
  const run::ScheduleResult result =
      run::run_schedule(agenda.jobs,
                        {.jobs = settings.devices.empty() ? submission.jobs : 0,
                         .places = places,
                         .admits = run::admission(submission.trial_bytes),
                         .most_threads = submission.jobs * std::max(submission.threads, processes),
                         .timeout = Minutes(settings.timeout_minutes),
                         .stall = Minutes(settings.stall_minutes),
                         .held_patience = std::chrono::duration<double>(submission.held_seconds),
                         .second_interrupt_kills = !run::is_in_batch_job(),
                         .retries = settings.retries},
                        executor, *observer);
  return conclude(request, result, has_gained(before, kept_by(trials)));
}

}  // namespace segbench::slurm
