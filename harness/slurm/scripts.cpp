// SPDX-License-Identifier: MIT
#include "harness/slurm/scripts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "harness/run/worker.h"
#include "harness/slurm/client.h"
#include "harness/slurm/packing.h"

namespace segbench::slurm {
namespace {

constexpr int kLeastMinutes = 15;
constexpr int kFinishMinutes = 30;
constexpr int kWarningSeconds = 120;  ///< before the limit: for a checkpoint and what Slurm rounds

/// A % begins a pattern in the names of sbatch's output.
std::string output_name(const std::filesystem::path& file, const std::string& pattern) {
  std::string text;
  for (const char c : file.string()) text += c == '%' ? "%%" : std::string(1, c);
  return "--output=" + text + "/" + pattern;
}

void add_choices(std::vector<std::string>& command, const SubmitOptions& options) {
  if (!options.partition.empty()) command.push_back("--partition=" + options.partition);
  if (!options.account.empty()) command.push_back("--account=" + options.account);
}

std::string script_head(const Submission& submission) {
  std::string text =
      "#!/bin/bash\n# Written by `segbench submit`; docs/cluster.md says what it is part of.\n";
  if (const char* worker = std::getenv(run::kWorkerVariable); worker != nullptr && *worker != '\0')
    text += fmt::format("export {}={}\n", run::kWorkerVariable,
                        shell_word(std::filesystem::absolute(worker).string()));
  if (!submission.options.setup.empty())
    text += fmt::format("source {} || exit\n", shell_word(submission.options.setup.string()));
  return text;
}

}  // namespace

int task_minutes(double seconds, const Limits& limits) {
  const double wanted = std::clamp(std::ceil(1.5 * seconds / 60), static_cast<double>(kLeastMinutes), 1e6);
  return std::min(static_cast<int>(wanted), limits.most_minutes.value_or(static_cast<int>(wanted)));
}

std::vector<std::string> array_command(const Submission& s, const Limits& limits, const std::string& script) {
  const SubmitOptions& o = s.options;
  const TaskNeeds& needs = s.needs;
  const std::string time =
      o.time == "auto" ? std::to_string(task_minutes(longest_seconds(s.tasks, s.jobs), limits)) : o.time;
  const int minutes = parse_minutes(time).value_or(kLeastMinutes);
  std::vector<std::string> command = {
      "sbatch",
      "--parsable",
      "--job-name=segbench-" + s.study,
      fmt::format("--array=0-{}{}", s.tasks.size() - 1,
                  o.max_running > 0 ? fmt::format("%{}", o.max_running) : ""),
      fmt::format("--signal=B:USR2@{}", std::clamp(minutes * 60 / 2, 1, kWarningSeconds)),
      "--requeue",
      "--open-mode=append",
      output_name(s.folder, "task-%a.log"),
      "--nodes=1",
      "--ntasks=1",
      fmt::format("--cpus-per-task={}", needs.cpus),
      "--time=" + time,
      "--mem=" +
          (o.memory == "auto" ? fmt::format("{}M", (needs.memory_bytes + (1 << 20) - 1) >> 20) : o.memory)};
  if (needs.gpus > 0) command.push_back(fmt::format("--gres=gpu:{}", needs.gpus));
  add_choices(command, o);
  command.insert(command.end(), o.sbatch.begin(), o.sbatch.end());
  if (!script.empty()) command.push_back(script);
  return command;
}

std::vector<std::string> finish_command(const Submission& s, const Limits& limits) {
  std::vector<std::string> command = {
      "sbatch",
      "--parsable",
      "--job-name=segbench-finish-" + s.study,
      "--dependency=afterany:" + s.array_job,
      "--open-mode=append",
      output_name(s.folder, "finish.log"),
      "--nodes=1",
      "--ntasks=1",
      "--cpus-per-task=1",
      fmt::format("--time={}", std::min(kFinishMinutes, limits.most_minutes.value_or(kFinishMinutes))),
      "--mem=2048M"};
  add_choices(command, s.options);
  command.insert(command.end(), s.options.sbatch.begin(), s.options.sbatch.end());
  command.push_back((s.folder / kFinishScript).string());
  return command;
}

std::string task_script(const Submission& submission, const std::filesystem::path& program) {
  return script_head(submission) + fmt::format(
                                       "exec {} task {} \"$SLURM_ARRAY_TASK_ID\" "
                                       "--requeue-as \"${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}\"\n",
                                       shell_word(program.string()), shell_word(submission.folder.string()));
}

std::string finish_script(const Submission& submission, const std::filesystem::path& program) {
  return script_head(submission) + fmt::format("exec {} submit --finish {}\n", shell_word(program.string()),
                                               shell_word(submission.folder.string()));
}

std::filesystem::path this_program() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

}  // namespace segbench::slurm
