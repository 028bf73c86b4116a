// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "harness/slurm/scripts.h"
#include "harness/slurm/submission.h"

namespace segbench::slurm {

/// How a written submission is run without an engine, and the variables in which others tell a task its
/// index.
std::string loop_text(const Submission& submission, const std::filesystem::path& program);

/// What Kubernetes has to know besides.
struct PodOptions {
  std::string image = "segbench";   ///< of the container, with segbench in its PATH
  std::string volume = "segbench";  ///< claim of the volume that holds the runs folder
};
/// An Indexed Job for it, as YAML: a pod a task, started again until it is complete. The volume is mounted
/// where the runs folder lies here.
std::string kubernetes_manifest(const Submission& submission, const PodOptions& pod);

}  // namespace segbench::slurm
