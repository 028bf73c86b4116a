// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/run/child.h"

namespace segbench::slurm {

/// What a user without a cluster may do.
inline constexpr const char* kOtherEngines =
    "`segbench submit --engine none` prepares a study for any other engine";

/// Runs one of Slurm's commands. Variables that Slurm set for the job that we are in (SLURM_*, but for the
/// choice of configuration and cluster) are kept from it: a job that is submitted inside a task would take
/// them for its own. Throws core::UserError when there is no such command.
run::CommandResult call(const std::vector<std::string>& command);

/// The same; throws core::UserError with Slurm's own words and `exit_code` when it fails.
std::string answer(const std::vector<std::string>& command, int exit_code);

/// Whether an environment variable is kept from Slurm's commands.
bool belongs_to_a_job(std::string_view variable);

/// "sbatch --array=0-3 '--output=a b'": as a shell reads it.
std::string shell_text(const std::vector<std::string>& command);
/// One word of it.
std::string shell_word(const std::string& word);

}  // namespace segbench::slurm
