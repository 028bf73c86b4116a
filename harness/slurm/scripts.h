// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/slurm/limits.h"
#include "harness/slurm/submission.h"

namespace segbench::slurm {

/// The number of minutes that a task asks for: 1.5 times as long as it is thought to take, at least 15, and
/// no more than the cluster allows. Too little is no harm: what is left goes on in another slice of time.
int task_minutes(double seconds, const Limits& limits);

/// sbatch's command line for the tasks of a submission, and for the job that follows them. `script` is the
/// last word ("": none, for sbatch --test-only).
std::vector<std::string> array_command(const Submission& submission, const Limits& limits,
                                       const std::string& script);
std::vector<std::string> finish_command(const Submission& submission, const Limits& limits);

/// task.sh and finish.sh; `program` is segbench.
std::string task_script(const Submission& submission, const std::filesystem::path& program);
std::string finish_script(const Submission& submission, const std::filesystem::path& program);

/// This program's file.
std::filesystem::path this_program();

}  // namespace segbench::slurm
