// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "harness/cli/command.h"
#include "harness/slurm/submission.h"

namespace segbench::cli {

/// One row: what Slurm calls the tasks of a submission and the job that follows, and how many there are.
void print_submission(const slurm::Submission& submission, const Context& context);

/// What the finishing job does when all tasks have ended: takes the results in, writes the report, and
/// submits what is left and has gained something. Exit code 1 where something is left for good.
void finish_submission(const std::filesystem::path& folder, Context& context);

}  // namespace segbench::cli
