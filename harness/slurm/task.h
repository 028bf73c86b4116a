// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "harness/run/agenda.h"
#include "harness/run/scheduler.h"
#include "harness/slurm/submission.h"

namespace segbench::slurm {

struct TaskRequest {
  std::filesystem::path folder;  ///< of the submission
  std::size_t index = 0;
  std::string requeue_as = {};  ///< what Slurm calls the task, "12_3"; "": nobody can start it again
};

/// How a task ended, and the exit code that it deserves: 0 nothing is left; 1 a trial failed; 75
/// (core::kTryAgain) the same command goes on with what is left; 128+n a signal ended it.
struct TaskResult {
  int exit_code = 0;
  std::string message;
};

/// Whoever hears of the trials, given what is to be done.
using MakeObserver = std::function<std::unique_ptr<run::RunObserver>(const run::Agenda&, const Submission&)>;

/// Runs the trials of one task that are not complete yet. Takes neither the study's lock nor the store: any
/// number of tasks may run at once, on any machines that share the folder.
///
/// SIGUSR2 says that time is almost up: checkpoint, and have Slurm start the task again (`scontrol requeue`)
/// where a step was gained since it started, 50 times at most. SIGTERM, SIGINT and SIGHUP say to end:
/// checkpoint, and never come back; Slurm itself brings back what it preempted. A trial that another process
/// has is waited for as long as the submission says, then left alone.
///
/// Throws core::UserError when the folder is no submission, has no such task, or the worker does not work
/// here.
TaskResult run_task(const TaskRequest& request, const MakeObserver& make_observer);

}  // namespace segbench::slurm
