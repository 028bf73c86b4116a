// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "harness/cli/command.h"
#include "harness/cli/selection.h"
#include "harness/run/runs_folder.h"
#include "harness/run/study_plan.h"
#include "harness/slurm/submit.h"

namespace segbench::cli {
namespace {

void cancel_study(const std::string& argument, Context& context) {
  const std::string study = run::find_study(context.runs, argument);
  const std::vector<slurm::Submission> submissions =
      slurm::submissions_of(run::study_folder(context.runs, study));
  const std::vector<slurm::QueuedTask> queue = slurm::ask_queue(submissions);
  std::size_t cancelled = 0;
  for (const slurm::Submission& submission : submissions) {
    if (!slurm::is_live(queue, submission)) continue;
    slurm::cancel(submission);
    fmt::print("{}\n", submission.array_job);
    ++cancelled;
  }
  if (cancelled == 0) return note(study + ": no task of it is in the queue");
  fmt::print(stderr,
             "{}: cancelled; running trials write checkpoints, the finishing job reports what there is, and "
             "segbench submit goes on\n",
             study);
}

}  // namespace

void add_cancel(CLI::App& app, Context& context) {
  const auto study = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("cancel", "End the tasks of a study that was submitted to Slurm");
  command->add_option("STUDY", *study,
                      "Name of a study under --runs, a unique beginning of it, or its experiment file");
  command->footer(
      "Prints the jobs that were cancelled. Tasks write checkpoints and do not come back; what they have "
      "trained "
      "is kept.\n\n"
      "Examples:\n"
      "  segbench cancel unet-size-study");
  command->callback([study, &context] { cancel_study(*study, context); });
}

}  // namespace segbench::cli
