// SPDX-License-Identifier: MIT
#include "harness/cli/submit_finish.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <set>

#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/text.h"
#include "harness/run/study_lock.h"
#include "harness/slurm/packing.h"
#include "harness/slurm/submit.h"
#include "results/store/import_runs.h"

namespace segbench::cli {
namespace {

/// The report comes of what there is; a study without results has none.
void import_and_report(const slurm::Submission& submission, Context& context) {
  try {
    store::Store store = store::Store::open(store_file(context));
    for (const std::string& warning : store::refresh(store, context.runs).warnings)
      fmt::print(stderr, "warning: {}\n", warning);
  } catch (const core::UserError& error) {
    fmt::print(stderr, "warning: {}\n", error.what());
  }
  try {
    write_report(submission.study, context);
  } catch (const core::UserError& error) {
    note(fmt::format("no report: {}", error.what()));
  }
}

/// Submits what is left under the study's lock, so that nobody submits it at the same time.
void submit_left(const slurm::Submission& ended, const slurm::Left& left, Context& context) {
  const std::filesystem::path study = slurm::study_folder_of(ended.folder);
  const core::FileLock lock = run::lock_study(study);
  const std::vector<slurm::Submission> others = slurm::submissions_of(study);
  const std::vector<std::string> live = slurm::live_trials(others, slurm::ask_queue(others));
  const std::set<std::string> taken(live.begin(), live.end());
  std::vector<slurm::TaskTrial> trials = left.go_on;
  std::erase_if(trials, [&](const slurm::TaskTrial& trial) { return taken.contains(trial.id); });
  const slurm::Limits limits = slurm::ask_limits(ended.options.partition);
  slurm::Submission next = ended;
  next.folder = slurm::next_folder(study);
  next.created = core::utc_timestamp();
  next.round = ended.round + 1;
  next.array_job = next.finish_job = next.cluster = "";
  next.options.retry_failed = false;
  next.tasks = slurm::pack(
      trials, {.most_tasks = limits.most_tasks, .trials_per_task = ended.options.pack, .jobs = ended.jobs});
  if (next.tasks.empty()) return;
  slurm::write_folder(next);
  slurm::submit_to_slurm(next, limits);
  print_submission(next, context);
}

}  // namespace

void print_submission(const slurm::Submission& submission, const Context& context) {
  const std::size_t trials =
      std::accumulate(submission.tasks.begin(), submission.tasks.end(), std::size_t{0},
                      [](std::size_t sum, const slurm::Task& task) { return sum + task.size(); });
  const Table table{.columns = {{"array_job"},
                                {"finish_job"},
                                number_column("tasks", 0),
                                number_column("trials", 0),
                                number_column("round", 0),
                                {"folder"}},
                    .rows = {{submission.array_job, submission.finish_job, submission.tasks.size(), trials,
                              submission.round, submission.folder.string()}}};
  fmt::print("{}", render(table, context.format));
  fmt::print(stderr, "next: segbench status {0}, segbench cancel {0}\n", submission.study);
}

void finish_submission(const std::filesystem::path& folder, Context& context) {
  const slurm::Submission submission = slurm::read_submission(folder);
  context.runs = slurm::study_folder_of(submission.folder).parent_path();
  import_and_report(submission, context);
  const slurm::Left left = slurm::what_is_left(submission, slurm::ask_queue({submission}));
  for (const std::string& reason : left.reasons) note(reason);
  context.exit_code = left.reasons.empty() ? core::kSuccess : core::kTrialFailed;
  if (left.go_on.empty()) return;
  try {
    submit_left(submission, left, context);
  } catch (const core::UserError& error) {
    note(fmt::format("what is left was not submitted: {}; segbench submit goes on with it", error.what()));
    context.exit_code = core::kTrialFailed;
  }
}

}  // namespace segbench::cli
