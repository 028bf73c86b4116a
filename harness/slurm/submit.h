// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/slurm/limits.h"
#include "harness/slurm/queue.h"
#include "harness/slurm/scripts.h"
#include "harness/slurm/submission.h"

namespace segbench::slurm {

/// Has sbatch look at the command line of the tasks without submitting anything. Throws core::UserError with
/// Slurm's words.
void test_submission(const Submission& submission, const Limits& limits);

/// Writes the folder of a submission, for any engine. Throws core::UserError where it is there already: the
/// tasks of another submission may be reading it.
void write_folder(const Submission& submission);

/// Submits the tasks of a written submission, and the job that follows when all have ended; writes their
/// names into submission.json. Where Slurm refuses, nothing stays in the queue, the folder is removed, and
/// core::UserError with Slurm's words is thrown.
void submit_to_slurm(Submission& submission, const Limits& limits);

/// Ends every task of a submission that may still run; the job that follows remains, and does not submit
/// anything again.
void cancel(const Submission& submission);

/// Trials of submissions whose task may still run; they must not be submitted again.
std::vector<std::string> live_trials(const std::vector<Submission>& submissions,
                                     const std::vector<QueuedTask>& queue);

/// "12" and "cluster" of sbatch --parsable, "12;cluster".
struct JobName {
  std::string id, cluster;
};
JobName parse_job(std::string_view text);

/// What is left of a submission whose tasks have ended.
struct Left {
  std::vector<TaskTrial> go_on;      ///< in their order, with the updates that they have made by now
  std::vector<std::string> reasons;  ///< why others do not, and why none may
};
Left what_is_left(const Submission& submission, const std::vector<QueuedTask>& queue);

}  // namespace segbench::slurm
