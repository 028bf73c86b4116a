// SPDX-License-Identifier: MIT
#include "harness/cli/submit_options.h"

#include <fmt/format.h>

#include "harness/slurm/limits.h"

namespace segbench::cli {
namespace {

std::string check_time(const std::string& text) {
  if (text == "auto" || slurm::parse_minutes(text)) return "";
  return fmt::format("unusable time \"{}\"; it is auto, minutes, H:MM:SS or D-HH", text);
}

void add_study_options(CLI::App& command, SubmitArguments& a) {
  command.add_option("STUDY", a.run.study, "Experiment file");
  command.add_option("--set", a.run.overrides, "Override a setting, key=value; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--only", a.run.only, "Only variants whose label begins so; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--seeds", a.run.seeds, "Only these seeds of the study, such as 1,2")
      ->delimiter(',')
      ->check(check_seed);
  command.add_option("--jobs,-j", a.run.jobs, "Trials at once in a task; default: as `segbench run` has it")
      ->check(check_positive);
  command.add_option("--threads", a.run.threads, "CPU threads of each trial")->check(check_positive);
  command.add_option("--device", a.run.device, "auto, cpu, cuda or cuda:N")->check(check_device);
  command.add_flag("--retry-failed", a.submit.retry_failed,
                   "Run trials again that failed (not those that diverged)");
}

void add_cluster_options(CLI::App& command, SubmitArguments& a) {
  command.add_option("--partition,-p", a.submit.partition, "Slurm's partition; default: the cluster's");
  command.add_option("--account,-A", a.submit.account, "Slurm's account");
  command
      .add_option("--time,-t", a.submit.time,
                  "Limit of a task; what is not complete then goes on in another one")
      ->check(check_time)
      ->capture_default_str();
  command
      .add_option("--cpus,-c", a.submit.cpus,
                  "CPUs of a task; default: threads times trials at once of [run]")
      ->check(check_positive);
  command
      .add_option(
          "--gpus", a.submit.gpus,
          "GPUs of a task, among which its trials are divided; 0: those that run.devices names, or none")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  command.add_option("--mem", a.submit.memory, "Memory of a task")->capture_default_str();
  command
      .add_option("--max-running", a.submit.max_running, "Tasks at a time; default: as many as Slurm starts")
      ->check(check_positive);
  command.add_option("--pack", a.submit.pack, "Trials of a task; default: as many as make half an hour")
      ->check(check_positive);
  command.add_option("--rounds", a.submit.rounds, "How often what is left is submitted again")
      ->check(check_positive)
      ->capture_default_str();
  command.add_option("--setup", a.submit.setup, "Shell script that is sourced before a task (module load …)")
      ->check(CLI::ExistingFile);
  command.add_option("--sbatch", a.submit.sbatch, "A further option of sbatch; may be repeated")
      ->allow_extra_args(false);
}

}  // namespace

void add_submit_options(CLI::App& command, const std::shared_ptr<SubmitArguments>& arguments) {
  add_study_options(command, *arguments);
  add_cluster_options(command, *arguments);
  command.add_option("--engine", arguments->submit.engine, "Who runs the tasks: slurm, none or kubernetes")
      ->check(CLI::IsMember({"slurm", "none", "kubernetes"}))
      ->capture_default_str();
  command.add_option("--image", arguments->pod.image, "Container of --engine kubernetes")
      ->capture_default_str();
  command.add_option("--volume", arguments->pod.volume, "Volume claim of --engine kubernetes")
      ->capture_default_str();
  command.add_flag("--dry-run", arguments->dry_run,
                   "Show what would be submitted, and let sbatch check it; write and submit nothing");
  command.add_option(
      "--finish", arguments->finish,
      "What the finishing job does: import, report, and submit what is left of this submission");
}

}  // namespace segbench::cli
