// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace segbench::slurm {

/// Where the trials of a study are, by trial id: "queued (Priority)", "running on n1", "waiting for requeue",
/// "lost: …". Trials that no task of Slurm has, or whose task has said how it ended, are left out.
struct TaskStates {
  bool any_submission = false;
  std::map<std::string, std::string> by_trial;
};
/// Reads the submissions and asks the queue once, if there is anything to ask. Throws core::UserError when
/// the cluster does not answer.
TaskStates read_task_states(const std::filesystem::path& study_folder);

}  // namespace segbench::slurm
