// SPDX-License-Identifier: MIT
#pragma once

#include "harness/run/job.h"

namespace segbench::run {

/// Runs one worker task (job.h) to its end, once more after a crash. Throws core::UserError with the worker's
/// own words and exit code when it fails, and when an interrupt of this process ended it.
void run_task(const Job& task, const WorkerSettings& settings);

}  // namespace segbench::run
