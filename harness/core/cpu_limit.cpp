// SPDX-License-Identifier: MIT
#include "harness/core/cpu_limit.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "harness/core/text.h"

namespace segbench::core {
namespace {

/// Where a hierarchy of control groups is mounted, and which of its groups is seen there.
struct ControlGroupMount {
  std::filesystem::path point;  ///< absolute
  std::filesystem::path group;  ///< root of the mount within the hierarchy
  bool is_v2 = false;
};

std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream content;
  if (in) content << in.rdbuf();
  return std::move(content).str();
}

bool names_cpu(std::string_view comma_separated) {
  const std::vector<std::string> words = split(comma_separated, ',');
  return std::find(words.begin(), words.end(), "cpu") != words.end();
}

/// From /proc/self/mountinfo (man 5 proc_pid_mountinfo): "… root point options … - type source super".
std::vector<ControlGroupMount> control_group_mounts(const std::filesystem::path& root) {
  std::vector<ControlGroupMount> mounts;
  std::istringstream lines(text_of_file(root / "proc/self/mountinfo"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream front(line.substr(0, dash)), back(line.substr(dash + 3));
    std::string id, parent, device, group, point, type, source, super;
    front >> id >> parent >> device >> group >> point;
    back >> type >> source >> super;
    if (type == "cgroup2" || (type == "cgroup" && names_cpu(super)))
      mounts.push_back({point, group, type == "cgroup2"});
  }
  if (mounts.empty()) {
    mounts = {{"/sys/fs/cgroup", "/", true},
              {"/sys/fs/cgroup/cpu", "/", false},
              {"/sys/fs/cgroup/cpu,cpuacct", "/", false}};
  }
  return mounts;
}

/// The group of this process in the hierarchy of version 2, or in that of version 1 with the CPU controller.
std::filesystem::path own_group(const std::filesystem::path& root, bool is_v2) {
  std::istringstream lines(text_of_file(root / "proc/self/cgroup"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (is_v2 ? controllers.empty() && line.starts_with("0:") : names_cpu(controllers))
      return line.substr(second + 1);
  }
  return "/";
}

/// The quota stated in the folder of a group.
std::optional<CpuLimit> quota_in(const std::filesystem::path& folder, const std::filesystem::path& shown,
                                 bool is_v2) {
  if (is_v2) {
    const auto limit = parse_cpu_max(text_of_file(folder / "cpu.max"));
    if (!limit) return std::nullopt;
    return CpuLimit{*limit, "cgroup CPU quota " + (shown / "cpu.max").string()};
  }
  const auto limit = parse_cpu_max(text_of_file(folder / "cpu.cfs_quota_us") + " " +
                                   text_of_file(folder / "cpu.cfs_period_us"));
  if (!limit) return std::nullopt;
  return CpuLimit{*limit, "cgroup CPU quota " + (shown / "cpu.cfs_quota_us").string()};
}

void add_quotas(const std::filesystem::path& root, std::vector<CpuLimit>& limits) {
  for (const ControlGroupMount& mount : control_group_mounts(root)) {
    const std::filesystem::path own = own_group(root, mount.is_v2);
    // In a container the mount may begin below the root of the hierarchy, and the group of the process be
    // named as the host sees it; what does not exist below the mount is passed over on the way up.
    const std::filesystem::path below_mount = own.lexically_relative(mount.group);
    const bool is_below = !below_mount.empty() && *below_mount.begin() != "..";
    std::filesystem::path group = (is_below ? below_mount : own.relative_path()).lexically_normal();
    if (group == "." || *group.begin() == "..") group.clear();
    for (;; group = group.parent_path()) {
      const std::filesystem::path shown = group.empty() ? mount.point : mount.point / group;
      if (const auto quota = quota_in(root / shown.relative_path(), shown, mount.is_v2))
        limits.push_back(*quota);
      if (group.empty()) break;
    }
  }
}

/// A positive integer, alone or before a comma.
std::optional<int> number_in(const CpuLimitSources& sources, const char* variable) {
  const char* value = sources.environment ? sources.environment(variable) : std::getenv(variable);
  if (value == nullptr) return std::nullopt;
  const std::string_view text = trim(std::string_view(value).substr(0, std::string_view(value).find(',')));
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

int online_cpus() {
  return std::max(1, static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)));
}

std::optional<int> affinity_cpus() {
  // A mask that is too small for the machine is refused, so it grows.
  for (int cpus = CPU_SETSIZE; cpus <= 1 << 20; cpus *= 4) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(cpus));
    if (set == nullptr) return std::nullopt;
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus));
    CPU_ZERO_S(bytes, set);
    const bool known = ::sched_getaffinity(0, bytes, set) == 0;
    const int count = CPU_COUNT_S(bytes, set);
    CPU_FREE(set);
    if (known) return std::max(1, count);
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> parse_cpu_max(std::string_view text) {
  std::istringstream in{std::string(text)};
  double quota = 0, period = 0;
  if (!(in >> quota >> period) || quota <= 0 || period <= 0) return std::nullopt;
  return static_cast<int>(std::clamp(std::floor(quota / period), 1.0, 1e6));
}

std::vector<CpuLimit> cpu_limits(const CpuLimitSources& sources) {
  std::vector<CpuLimit> limits = {{sources.machine.value_or(online_cpus()), "CPUs of the machine"}};
  if (const auto affinity = sources.affinity ? sources.affinity : affinity_cpus())
    limits.push_back({*affinity, "CPU affinity"});
  add_quotas(sources.root, limits);
  for (const char* variable : {"OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "SLURM_CPUS_PER_TASK"}) {
    if (const auto number = number_in(sources, variable)) limits.push_back({*number, variable});
  }
  return limits;
}

CpuLimit usable_cpu_limit(const CpuLimitSources& sources) {
  const std::vector<CpuLimit> limits = cpu_limits(sources);
  return *std::min_element(limits.begin(), limits.end(),
                           [](const CpuLimit& a, const CpuLimit& b) { return a.cpus < b.cpus; });
}

std::optional<int> openmp_thread_limit(const CpuLimitSources& sources) {
  return number_in(sources, "OMP_THREAD_LIMIT");
}

}  // namespace segbench::core
