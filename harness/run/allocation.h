// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/variant.h"

namespace segbench::run {

/// What a machine has for trials.
struct Machine {
  int cpus = 1;                                        ///< usable ones
  std::optional<std::int64_t> free_memory_bytes = {};  ///< empty: unknown, no bound
  bool has_gpu = false;
};
/// This machine; `device` as in run.device. A GPU is looked for in /dev, not asked.
Machine this_machine(const std::string& device);

/// How many trials run at once, and with how many threads each.
struct Allocation {
  int jobs = 1, threads = 1;
  /// Threads of all running trials together, where the number of jobs was not asked for; 0: no bound.
  int most_threads = 0;
};

/// Divides a machine among trials. Where `jobs` is 0 (auto): on a CPU as many trials at once as there are
/// CPUs and as memory allows at `bytes_per_trial`, since one thread each wastes nothing on waiting for one
/// another; on a GPU one. Where `threads` is 0: the CPUs divided by the trials that run at once, so more than
/// one thread only when there are fewer trials than CPUs. What is not 0 is taken as it is. Each of the
/// `processes` of a trial needs a CPU.
Allocation allocate(int jobs, int threads, const Machine& machine, std::size_t trials,
                    std::int64_t bytes_per_trial, int processes = 1);

/// The processes of a trial, each of which wants a CPU or a GPU of its own: training.processes, and 1 of an
/// ensemble, which trains nothing.
int processes_of(const core::VariantConfig& variant);

/// The number of threads that a trial began with and goes on with, so that its result stays bit-identical; 0
/// when it starts from its beginning.
int threads_begun_with(const std::filesystem::path& trial_folder);

}  // namespace segbench::run
