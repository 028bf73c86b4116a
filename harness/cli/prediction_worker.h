// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/prediction_network.h"
#include "harness/cli/prediction_tiles.h"

namespace segbench::cli {

/// How `segbench-worker predict` is run.
struct WorkerRequest {
  std::vector<std::filesystem::path> networks;  ///< folders of trials: one, or the members of an ensemble
  std::filesystem::path scratch;                ///< holds its input, kWorkerInput, and gets what it writes
  std::size_t count = 0;                        ///< of inputs
  std::string device, engine;                   ///< engine "": as the trial's evaluation was
  bool probabilities = false;                   ///< are wanted, too
};

inline constexpr const char* kWorkerInput = "in.u8";

Answer ask_worker(const WorkerRequest& request, const NetworkInput& input);

}  // namespace segbench::cli
