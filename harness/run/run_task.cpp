// SPDX-License-Identifier: MIT
#include "harness/run/run_task.h"

#include "harness/core/error.h"
#include "harness/run/process_executor.h"
#include "harness/run/scheduler.h"

namespace segbench::run {

void run_task(const Job& task, const WorkerSettings& settings) {
  SignalWatch signals;
  ProcessExecutor executor(settings, signals);
  RunObserver silent;
  const ScheduleResult result = run_schedule({task}, {.retries = 1}, executor, silent);
  if (result.signal != 0) throw core::UserError("interrupted", kSignalBase + result.signal);
  const Outcome& outcome = result.outcomes.at(0);
  if (outcome.status == core::TrialStatus::kComplete) return;
  throw core::UserError(outcome.message,
                        outcome.exit_code == core::kUsage ? core::kUsage : core::kTrialFailed);
}

}  // namespace segbench::run
