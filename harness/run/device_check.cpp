// SPDX-License-Identifier: MIT
#include "harness/run/device_check.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/run/worker.h"

namespace segbench::run {

std::string missing_device(const std::filesystem::path& worker, const std::string& device) {
  if (!device.starts_with("cuda")) return "";
  try {
    worker_environment(worker, device);
    return "";
  } catch (const core::UserError& error) {
    return fmt::format(
        "device \"{}\" is not available: {}. Use --device auto or --device cpu, or a "
        "segbench-worker built with CUDA on a machine with a GPU.",
        device, error.what());
  }
}

}  // namespace segbench::run
