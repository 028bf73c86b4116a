// SPDX-License-Identifier: MIT
#include "harness/core/machine.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace segbench::core {
namespace {

/// A file of /proc or /sys; "" when it is not there.
std::string read_system_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream content;
  if (in) content << in.rdbuf();
  return std::move(content).str();
}

/// The control group (version 2) of this process as a folder; "" when there is none.
std::filesystem::path control_group() {
  std::istringstream lines(read_system_file("/proc/self/cgroup"));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("0::/", 0) == 0) return std::filesystem::path("/sys/fs/cgroup") / line.substr(4);
  }
  return {};
}

}  // namespace

std::optional<int> parse_cpu_max(std::string_view text) {
  std::istringstream in{std::string(text)};
  double quota = 0, period = 0;
  if (!(in >> quota >> period) || quota <= 0 || period <= 0) return std::nullopt;
  return std::max(1, static_cast<int>(std::floor(quota / period)));
}

std::optional<std::int64_t> parse_counter(std::string_view text, std::string_view key) {
  std::istringstream in{std::string(text)};
  std::string name;
  std::int64_t value = 0;
  while (in >> name >> value) {
    if (name == key) return value;
  }
  return std::nullopt;
}

int usable_cpus() {
  int cpus = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) cpus = CPU_COUNT(&set);
  const std::filesystem::path root = "/sys/fs/cgroup";
  for (std::filesystem::path group = control_group(); !group.empty(); group = group.parent_path()) {
    if (const auto limit = parse_cpu_max(read_system_file(group / "cpu.max"))) cpus = std::min(cpus, *limit);
    if (group == root || group == group.parent_path()) break;
  }
  return std::max(1, cpus);
}

std::optional<std::int64_t> out_of_memory_kills() {
  const std::filesystem::path group = control_group();
  if (!group.empty()) {
    if (const auto kills = parse_counter(read_system_file(group / "memory.events"), "oom_kill")) return kills;
  }
  return parse_counter(read_system_file("/proc/vmstat"), "oom_kill");
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string system_name() {
  utsname name{};
  if (::uname(&name) != 0) return "";
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

bool process_mentions(int process, std::string_view word) {
  if (process <= 0) return false;
  return read_system_file("/proc/" + std::to_string(process) + "/cmdline").find(word) != std::string::npos;
}

std::optional<double> seconds_since(std::string_view timestamp) {
  std::tm parts{};
  const std::string text(timestamp);
  if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
  const auto then = std::chrono::system_clock::from_time_t(::timegm(&parts));
  return std::chrono::duration<double>(std::chrono::system_clock::now() - then).count();
}

}  // namespace segbench::core
