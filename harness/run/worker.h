// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::run {

/// The environment variable that names the worker program.
inline constexpr const char* kWorkerVariable = "SEGBENCH_WORKER";

/// The worker program: $SEGBENCH_WORKER, else `segbench-worker` beside this program, else in the PATH. Throws
/// core::UserError that says where it was looked for.
std::filesystem::path find_worker();

/// How trials are run by the worker; 0 threads leaves the choice to it.
struct WorkerSettings {
  std::filesystem::path program;
  std::string device = "auto";
  int threads = 0;
  double checkpoint_seconds = 10;
};

/// The command line of `segbench-worker train` (core/worker_protocol.h).
std::vector<std::string> train_command(const WorkerSettings& settings,
                                       const std::filesystem::path& trial_folder);

/// What the worker says of its machine (`segbench-worker environment`). Throws core::UserError with its own
/// words when it cannot run.
core::Json worker_environment(const std::filesystem::path& program, const std::string& device);

}  // namespace segbench::run
