// SPDX-License-Identifier: MIT
#include "harness/run/batch_job.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace segbench::run {
namespace {

TEST(BatchJob, IsToldByItsVariables) {
  for (const char* name : {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "SGE_TASK_ID"}) ::unsetenv(name);
  EXPECT_FALSE(is_in_batch_job());
  for (const char* name : {"SLURM_JOB_ID", "PBS_JOBID"}) {
    ::setenv(name, "12", 1);
    EXPECT_TRUE(is_in_batch_job()) << name;
    ::unsetenv(name);
  }
}

}  // namespace
}  // namespace segbench::run
