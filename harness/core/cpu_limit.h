// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How many CPUs a process may use, and who says so.

namespace segbench::core {

/// One bound on the number of CPUs.
struct CpuLimit {
  int cpus = 1;
  std::string reason;  ///< "CPU affinity", "OMP_NUM_THREADS", "cgroup CPU quota /sys/fs/cgroup/a/cpu.max" …
};

/// What limits are read from: replaced in tests.
struct CpuLimitSources {
  std::filesystem::path root = "/";                     ///< of /proc and /sys
  std::function<const char*(const char*)> environment;  ///< empty: that of the process
  std::optional<int> machine = {}, affinity = {};       ///< empty: asked of the system
};

/// Every limit that holds here: CPUs online, affinity mask, the CPU quotas of the control groups of this
/// process and all above them (version 1 and 2, also where a container shows only a part of their tree;
/// rounded down, at least 1), and OMP_NUM_THREADS (its first number), OMP_THREAD_LIMIT and
/// SLURM_CPUS_PER_TASK. An environment variable that is no positive integer says nothing. Never empty.
std::vector<CpuLimit> cpu_limits(const CpuLimitSources& sources = {});

/// The smallest of cpu_limits(); of equal ones the first in that order.
CpuLimit usable_cpu_limit(const CpuLimitSources& sources = {});

/// OMP_THREAD_LIMIT: more threads than that no OpenMP team can have, and code that counts on them waits for
/// ever. Empty when it is not set.
std::optional<int> openmp_thread_limit(const CpuLimitSources& sources = {});

/// The CPU limit that a cgroup v2 `cpu.max` states ("200000 100000" is 2, "max 100000" none), rounded down,
/// at least 1.
std::optional<int> parse_cpu_max(std::string_view text);

}  // namespace segbench::core
