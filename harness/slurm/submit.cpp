// SPDX-License-Identifier: MIT
#include "harness/slurm/submit.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/slurm/client.h"

namespace segbench::slurm {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> scancel(const std::string& cluster, const std::string& job) {
  std::vector<std::string> command = {"scancel"};
  if (!cluster.empty()) command.insert(command.end(), {"-M", cluster});
  command.push_back(job);
  return command;
}

}  // namespace

void test_submission(const Submission& submission, const Limits& limits) {
  std::vector<std::string> command = array_command(submission, limits, "");
  command.insert(command.begin() + 1, "--test-only");
  command.push_back("--wrap=true");
  answer(command, core::kUsage);
}

void write_folder(const Submission& submission) {
  std::error_code error;
  fs::create_directories(submission.folder.parent_path(), error);
  const bool is_new = !error && fs::create_directory(submission.folder, error);
  if (!is_new)
    throw core::UserError(fmt::format("{}: cannot be created: {}", submission.folder.string(),
                                      error ? error.message() : "another submission has this number"),
                          core::kTrialFailed);
  core::write_file_atomically(submission.folder / kTaskScript, task_script(submission, this_program()));
  core::write_file_atomically(submission.folder / kFinishScript, finish_script(submission, this_program()));
  write_submission(submission);
}

JobName parse_job(std::string_view text) {
  const std::string_view line = core::trim(text);
  const std::size_t semicolon = line.find(';');
  if (semicolon == std::string_view::npos) return {std::string(line), ""};
  return {std::string(line.substr(0, semicolon)), std::string(line.substr(semicolon + 1))};
}

void submit_to_slurm(Submission& submission, const Limits& limits) {
  try {
    const auto script = (submission.folder / kTaskScript).string();
    const JobName array = parse_job(answer(array_command(submission, limits, script), core::kTrialFailed));
    submission.array_job = array.id;
    submission.cluster = array.cluster;
    write_names(submission);
    submission.finish_job = parse_job(answer(finish_command(submission, limits), core::kTrialFailed)).id;
    write_names(submission);
  } catch (const core::UserError&) {
    if (!submission.array_job.empty()) call(scancel(submission.cluster, submission.array_job));
    std::error_code ignored;
    fs::remove_all(submission.folder, ignored);
    throw;
  }
}

void cancel(const Submission& submission) {
  const bool was_cancelled = is_cancelled(submission);
  core::write_file_atomically(submission.folder / kCancelledFile, core::utc_timestamp() + "\n");
  try {
    answer(scancel(submission.cluster, submission.array_job), core::kTrialFailed);
  } catch (const core::UserError&) {
    std::error_code ignored;  // its tasks go on, so what they leave is to be submitted
    if (!was_cancelled) fs::remove(submission.folder / kCancelledFile, ignored);
    throw;
  }
}

std::vector<std::string> live_trials(const std::vector<Submission>& submissions,
                                     const std::vector<QueuedTask>& queue) {
  std::vector<std::string> live;
  const QueueIndex tasks(queue);
  for (const Submission& submission : submissions) {
    for (std::size_t i = 0; i < submission.tasks.size(); ++i) {
      const QueuedTask* task = tasks.find(submission, i);
      if (task == nullptr || is_over(task->state)) continue;
      for (const TaskTrial& trial : submission.tasks[i]) live.push_back(trial.id);
    }
  }
  return live;
}

}  // namespace segbench::slurm
