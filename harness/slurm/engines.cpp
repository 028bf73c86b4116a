// SPDX-License-Identifier: MIT
#include "harness/slurm/engines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/core/json.h"
#include "harness/slurm/client.h"

namespace segbench::slurm {
namespace {

/// A name as Kubernetes has them: lower case letters, digits and dashes, at most 63.
std::string pod_name(const std::string& study, const std::string& number) {
  std::string name = "segbench-";
  for (const char c : study)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0
                ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                : '-';
  return name.substr(0, 50) + "-" + number;
}

/// A JSON string is a YAML string.
std::string quoted_yaml(const std::string& text) {
  return core::Json(text).dump();
}

}  // namespace

std::string loop_text(const Submission& submission, const std::filesystem::path& program) {
  const std::string task = shell_text({program.string(), "task", submission.folder.string()});
  const std::string study = shell_word(submission.study);
  const std::string runs = shell_word(study_folder_of(submission.folder).parent_path().string());
  return fmt::format(R"(for i in $(seq 0 {last}); do {task} $i; done
{program} --runs {runs} report {study}

Any engine may run the {count} tasks, in any order and number at a time, on machines that share the folder; one that
ends with exit code 75 goes on when it is run again. SIGUSR2 or SIGTERM has it write checkpoints and end.

  engine                     array              task
  PBS, Torque                -J 0-{last}{pad} {task} "$PBS_ARRAY_INDEX"
  LSF                        -J name[1-{count}]{pad2} {task} $((LSB_JOBINDEX - 1))
  SGE, Open Grid Scheduler   -t 1-{count}{pad} {task} $((SGE_TASK_ID - 1))
  Kubernetes, Indexed Job    completions: {count}    {task} "$JOB_COMPLETION_INDEX"
  Slurm, by hand             --array=0-{last}        {task} "$SLURM_ARRAY_TASK_ID"
  GNU parallel                                  seq 0 {last} | parallel -j 4 {task}
)",
                     fmt::arg("last", submission.tasks.size() - 1),
                     fmt::arg("count", submission.tasks.size()), fmt::arg("task", task),
                     fmt::arg("program", shell_word(program.string())), fmt::arg("runs", runs),
                     fmt::arg("study", study), fmt::arg("pad", "            "), fmt::arg("pad2", "     "));
}

std::string kubernetes_manifest(const Submission& submission, const PodOptions& pod) {
  const TaskNeeds& needs = submission.needs;
  const std::string runs = study_folder_of(submission.folder).parent_path().string();
  const std::size_t count = submission.tasks.size();
  const auto at_once = submission.options.max_running > 0
                           ? std::min(count, static_cast<std::size_t>(submission.options.max_running))
                           : count;
  const std::string gpu = needs.gpus > 0 ? fmt::format(", nvidia.com/gpu: {}", needs.gpus) : "";
  return fmt::format(
      R"(apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
spec:
  completionMode: Indexed
  completions: {count}
  parallelism: {at_once}
  backoffLimit: 50
  template:
    spec:
      restartPolicy: OnFailure
      terminationGracePeriodSeconds: 120
      containers:
        - name: task
          image: {image}
          command: [sh, -c, {command}]
          resources:
            limits: {{cpu: {cpus}, memory: {memory}Mi{gpu}}}
          volumeMounts:
            - {{name: runs, mountPath: {runs}}}
      volumes:
        - name: runs
          persistentVolumeClaim: {{claimName: {volume}}}
)",
      fmt::arg("name", pod_name(submission.study, submission.folder.filename())), fmt::arg("count", count),
      fmt::arg("at_once", at_once), fmt::arg("image", quoted_yaml(pod.image)),
      fmt::arg("command", quoted_yaml(fmt::format("exec segbench task {} \"$JOB_COMPLETION_INDEX\"",
                                                  shell_word(submission.folder.string())))),
      fmt::arg("cpus", needs.cpus), fmt::arg("memory", (needs.memory_bytes + (1 << 20) - 1) >> 20),
      fmt::arg("gpu", gpu), fmt::arg("runs", quoted_yaml(runs)), fmt::arg("volume", quoted_yaml(pod.volume)));
}

}  // namespace segbench::slurm
