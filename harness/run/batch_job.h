// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::run {

/// Whether this process belongs to a job of a batch system (Slurm, PBS, LSF, SGE), which signals every
/// process of it, more than once.
bool is_in_batch_job();

}  // namespace segbench::run
