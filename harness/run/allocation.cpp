// SPDX-License-Identifier: MIT
#include "harness/run/allocation.h"

#include <algorithm>
#include <system_error>

#include "harness/core/machine.h"
#include "harness/core/memory_limit.h"
#include "harness/core/trial.h"
#include "harness/trial/attempt_log.h"

namespace segbench::run {

Machine this_machine(const std::string& device) {
  std::error_code none;
  const bool is_there =
      std::filesystem::exists("/dev/nvidiactl", none) || std::filesystem::exists("/dev/kfd", none);
  // What is free knows control groups of version 2 only, what there is in all those of version 1 as well.
  std::optional<std::int64_t> memory = core::available_memory_bytes();
  if (const auto total = core::total_memory_bytes()) memory = std::min(memory.value_or(*total), *total);
  return {.cpus = core::usable_cpus(),
          .free_memory_bytes = memory,
          .has_gpu = device.starts_with("cuda") || (device == "auto" && is_there)};
}

Allocation allocate(int jobs, int threads, const Machine& machine, std::size_t trials,
                    std::int64_t bytes_per_trial, int processes) {
  Allocation result{.jobs = jobs, .threads = threads, .most_threads = 0};
  if (jobs == 0 && machine.has_gpu) {
    result.jobs = 1;
  } else if (jobs == 0) {
    std::int64_t most = machine.cpus / std::max({1, threads, processes});
    if (machine.free_memory_bytes && bytes_per_trial > 0)
      most = std::min(most, *machine.free_memory_bytes / bytes_per_trial);
    most = std::min(most, static_cast<std::int64_t>(trials));
    result.jobs = static_cast<int>(std::max<std::int64_t>(1, most));
    result.most_threads = std::max({machine.cpus, threads, processes});
  }
  if (threads == 0) result.threads = std::max({1, processes, machine.cpus / result.jobs});
  return result;
}

int processes_of(const core::VariantConfig& variant) {
  return variant.ensemble.empty() ? static_cast<int>(variant.training.processes) : 1;
}

int threads_begun_with(const std::filesystem::path& trial_folder) {
  bool goes_on = false;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(trial_folder, none))
    goes_on |= entry.path().filename().string().starts_with("checkpoint");
  int threads = 0;
  if (!goes_on) return threads;
  for (const core::Json& environment : trial::read_environments(trial_folder)) {
    if (environment.contains("threads") && environment["threads"].is_number_integer())
      threads = environment["threads"];
  }
  return threads;
}

}  // namespace segbench::run
