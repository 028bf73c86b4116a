// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/run_display.h"
#include "harness/slurm/task.h"

namespace segbench::cli {
namespace {

void run(const slurm::TaskRequest& request, Context& context) {
  const auto observer = [&](const run::Agenda& agenda,
                            const slurm::Submission& submission) -> std::unique_ptr<run::RunObserver> {
    fmt::print(stderr, "{}, task {}: {} trials to run, {} complete\n", submission.study, request.index,
               agenda.jobs.size(), agenda.complete.size());
    return make_plain_display({.study = submission.study,
                               .planned = agenda.jobs.size() + agenda.complete.size(),
                               .complete = agenda.complete.size(),
                               .to_run = agenda.jobs.size(),
                               .jobs = submission.jobs},
                              stderr_port());
  };
  const slurm::TaskResult result = slurm::run_task(request, observer);
  fmt::print(stderr, "task {}: {}\n", request.index, result.message);
  context.exit_code = result.exit_code;
}

}  // namespace

void add_task(CLI::App& app, Context& context) {
  const auto request = std::make_shared<slurm::TaskRequest>();
  CLI::App* command = app.add_subcommand("task", "Run one task of a submitted study");
  command->add_option("FOLDER", request->folder, "Folder of the submission, RUNS/STUDY/submit/NUMBER")
      ->required();
  command->add_option("INDEX", request->index, "Which of its tasks, from 0")->required();
  command->add_option("--requeue-as", request->requeue_as,
                      "What Slurm calls this task, JOB_INDEX: it is asked to start it again when time is up");
  command->footer(
      "This is all that a batch system has to run; any number of tasks may run at once on machines that "
      "share "
      "the\n"
      "folder. SIGUSR2 says that time is almost up: checkpoints are written, and the task goes on when it is "
      "started\n"
      "again. SIGTERM ends it for good, with checkpoints.\n"
      "Exit codes: 0 nothing is left, 1 a trial failed, 75 the same command goes on with what is left, 128+n "
      "signal n.\n\n"
      "Examples:\n"
      "  segbench task runs/study/submit/1 0\n"
      "  seq 0 7 | parallel -j 4 segbench task runs/study/submit/1");
  command->callback([request, &context] { run(*request, context); });
}

}  // namespace segbench::cli
