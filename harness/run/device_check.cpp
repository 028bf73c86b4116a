// SPDX-License-Identifier: MIT
#include "harness/run/device_check.h"

#include <fmt/format.h>

#include <system_error>

#include "harness/core/error.h"
#include "harness/core/warning_kinds.h"
#include "harness/run/allocation.h"
#include "harness/run/worker.h"

namespace segbench::run {
namespace {

/// With the model where it is a GPU.
std::string described(const core::Json& environment) {
  const std::string device = environment.value("device", "cpu");
  const core::Json gpu = environment.value("gpu", core::Json());
  return gpu.is_array() && !gpu.empty() ? fmt::format("{} ({})", device, gpu[0].get<std::string>()) : device;
}

}  // namespace

std::optional<core::Warning> missing_device(const std::filesystem::path& worker, const std::string& device) {
  if (!device.starts_with("cuda")) return std::nullopt;
  try {
    worker_environment(worker, device);
    return std::nullopt;
  } catch (const core::UserError& error) {
    return core::make_warning("missing_device", {{"device", device}, {"problem", error.what()}});
  }
}

SettledDevice settle_device(const std::filesystem::path& worker, const std::string& device,
                            const core::Gpus& gpus) {
  const bool has_gpu = !gpus.gpus.empty() || this_machine(device).has_gpu;
  if (device == "cpu" || (device == "auto" && !has_gpu)) return {.device = "cpu", .description = "cpu"};
  core::Json environment;
  try {
    environment = worker_environment(worker, device);
  } catch (const core::UserError& error) {
    throw core::UserError(
        to_text(core::make_warning("missing_device", {{"device", device}, {"problem", error.what()}})),
        error.exit_code());
  }
  SettledDevice settled{.device = environment.value("device", "cpu"), .description = described(environment)};
  const std::string problem = environment.value("gpu_problem", "");
  if (!problem.empty()) {
    const std::string gpu = gpus.gpus.empty() ? "A GPU" : "The GPU " + gpus.gpus[0].name;
    settled.warning = core::make_warning("gpu_unused", {{"gpu", gpu}, {"problem", problem}});
  }
  return settled;
}

}  // namespace segbench::run
