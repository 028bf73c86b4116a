// SPDX-License-Identifier: MIT
#include "harness/core/memory_limit.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace segbench::core {
namespace {

/// The first number of a file whose text begins with `prefix`.
std::optional<std::int64_t> number_in(const std::filesystem::path& file, const std::string& prefix) {
  std::ifstream in(file);
  std::string word;
  std::int64_t number = 0;
  if (!prefix.empty() && !(in >> word && word == prefix)) return std::nullopt;
  return in >> number ? std::optional(number) : std::nullopt;  // "max" is no number: no limit
}

/// Our control group in the hierarchy that handles memory, as its file /proc/self/cgroup tells it.
std::filesystem::path own_group(const std::filesystem::path& root, const std::string& controllers) {
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    if (line.substr(first + 1, second - first - 1) == controllers)
      return std::filesystem::path(line.substr(second + 1)).relative_path();
  }
  return {};
}

}  // namespace

std::optional<std::int64_t> total_memory_bytes(const std::filesystem::path& root) {
  std::optional<std::int64_t> least = number_in(root / "proc/meminfo", "MemTotal:");
  if (least) *least *= 1024;
  const auto limit = [&](const std::filesystem::path& top, std::filesystem::path group, const char* name) {
    while (true) {
      const auto found = number_in(top / group / name, "");
      if (found && *found > 0) least = std::min(least.value_or(*found), *found);
      if (group.empty()) return;
      group = group.parent_path();
    }
  };
  limit(root / "sys/fs/cgroup", own_group(root, ""), "memory.max");  // version 2
  limit(root / "sys/fs/cgroup/memory", own_group(root, "memory"), "memory.limit_in_bytes");
  return least;
}

}  // namespace segbench::core
