// SPDX-License-Identifier: MIT
#include "harness/core/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/core/cpu_limit.h"

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

/// "MemFree:  12 kB" without the unit, so that names and numbers alternate.
std::string without_units(std::string text) {
  for (std::size_t at; (at = text.find(" kB")) != std::string::npos;) text.erase(at, 3);
  return text;
}

}  // namespace

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
  return usable_cpu_limit().cpus;
}

std::optional<std::int64_t> out_of_memory_kills() {
  const std::filesystem::path group = control_group();
  if (!group.empty()) {
    if (const auto kills = parse_counter(read_system_file(group / "memory.events"), "oom_kill")) return kills;
  }
  return parse_counter(read_system_file("/proc/vmstat"), "oom_kill");
}

std::optional<std::int64_t> available_memory_bytes() {
  std::optional<std::int64_t> least =
      parse_counter(without_units(read_system_file("/proc/meminfo")), "MemAvailable:");
  if (least) *least *= 1024;
  const std::filesystem::path root = "/sys/fs/cgroup";
  for (std::filesystem::path group = control_group(); !group.empty(); group = group.parent_path()) {
    const std::int64_t limit = std::atoll(read_system_file(group / "memory.max").c_str());  // "max": 0
    const std::int64_t used = std::atoll(read_system_file(group / "memory.current").c_str());
    const std::string statistics = read_system_file(group / "memory.stat");
    const std::int64_t cache =
        parse_counter(statistics, "inactive_file").value_or(0);  // given up when needed
    if (limit > 0) least = std::max<std::int64_t>(0, std::min(least.value_or(limit), limit - used + cache));
    if (group == root || group == group.parent_path()) break;
  }
  return least;
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
