// SPDX-License-Identifier: MIT
#include "harness/run/device_check.h"

#include "harness/core/error.h"
#include "harness/core/warning_kinds.h"
#include "harness/run/worker.h"

namespace segbench::run {

std::optional<core::Warning> missing_device(const std::filesystem::path& worker, const std::string& device) {
  if (!device.starts_with("cuda")) return std::nullopt;
  try {
    worker_environment(worker, device);
    return std::nullopt;
  } catch (const core::UserError& error) {
    return core::make_warning("missing_device", {{"device", device}, {"problem", error.what()}});
  }
}

}  // namespace segbench::run
