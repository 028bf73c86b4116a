// SPDX-License-Identifier: MIT
#include "harness/run/batch_job.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace segbench::run {

bool is_in_batch_job() {
  constexpr std::array kVariables = {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "SGE_TASK_ID"};
  return std::any_of(kVariables.begin(), kVariables.end(),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}

}  // namespace segbench::run
