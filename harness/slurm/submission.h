// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/study/study.h"

// A study handed to another engine leaves a folder runs/<study>/submit/<number>/:
//
//   submission.json   how it was submitted, and what it was called there
//   tasks.json        what each of its tasks is to do
//   task.sh           what a task of Slurm runs
//   finish.sh         what runs when all tasks have ended
//   task-<i>.jsonl    starts and ends of the task i (task_record.h)
//   task-<i>.log      what it printed
//   cancelled         there when `segbench cancel` ended it
//
// All that a task needs is this folder, the trials' folders beside it and the decode cache, so `segbench task
// FOLDER INDEX` is all that another engine has to run.

namespace segbench::slurm {

inline constexpr const char* kSubmitFolder = "submit";
inline constexpr const char* kSubmissionFile = "submission.json";
inline constexpr const char* kTasksFile = "tasks.json";
inline constexpr const char* kTaskScript = "task.sh";
inline constexpr const char* kFinishScript = "finish.sh";
inline constexpr const char* kCancelledFile = "cancelled";

/// What a user asks of a submission; one that follows it asks the same.
struct SubmitOptions {
  std::string engine = "slurm";  ///< slurm | none | kubernetes
  std::string partition = {}, account = {};
  std::string time = "auto", memory = "auto";  ///< in Slurm's words
  int cpus = 0;                                ///< of a task; 0: what [run] needs
  int gpus = 0;                                ///< of a task
  int max_running = 0;                         ///< tasks at a time; 0: any number
  int pack = 0;                                ///< trials of a task; 0: as many as make half an hour
  bool retry_failed = false;                   ///< trials that failed are tried again
  int rounds = 5;                              ///< submissions that follow one another
  std::filesystem::path setup = {};            ///< absolute; sourced before a task
  std::vector<std::string> sbatch = {};        ///< further options of sbatch
  bool operator==(const SubmitOptions&) const = default;
};

/// What a task needs of a machine.
struct TaskNeeds {
  int cpus = 1, gpus = 0;
  std::int64_t memory_bytes = 0;
  bool operator==(const TaskNeeds&) const = default;
};

/// One trial of a task.
struct TaskTrial {
  std::string id;
  double seconds = 0;        ///< estimated
  std::int64_t updates = 0;  ///< that it had made when it was submitted
  bool operator==(const TaskTrial&) const = default;
};
using Task = std::vector<TaskTrial>;

struct Submission {
  std::filesystem::path folder;  ///< not stored
  std::string study, created;
  int round = 1;
  SubmitOptions options = {};
  study::RunSettings run = {};  ///< devices, retries and time limits of the trials
  int threads = 1, jobs = 1;    ///< of each trial, and trials at once in a task
  TaskNeeds needs = {};
  std::int64_t trial_bytes = 0;  ///< memory of a trial, estimated; 0: not known
  double held_seconds = 90;      ///< how long a task waits for a trial that another process has
  std::string array_job = {}, finish_job = {}, cluster = {};  ///< Slurm's names; "": not submitted
  std::vector<Task> tasks = {};
};

/// runs/<study> of a submission's folder.
std::filesystem::path study_folder_of(const std::filesystem::path& submission);

/// Writes submission.json and tasks.json, in this order reversed: a folder with a submission.json is whole.
void write_submission(const Submission& submission);
/// Writes submission.json alone, when Slurm's names have come.
void write_names(const Submission& submission);

/// Throws core::UserError when the folder holds no submission, or one that cannot be read.
Submission read_submission(const std::filesystem::path& folder);

/// All submissions of a study, the oldest first. One that cannot be read is left out.
std::vector<Submission> submissions_of(const std::filesystem::path& study_folder);

/// A folder that is not there yet, with the next number.
std::filesystem::path next_folder(const std::filesystem::path& study_folder);

bool is_cancelled(const Submission& submission);

}  // namespace segbench::slurm
