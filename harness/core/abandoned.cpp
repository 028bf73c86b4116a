// SPDX-License-Identifier: MIT
#include "harness/core/abandoned.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/file_system.h"

namespace segbench::core {
namespace {

namespace fs = std::filesystem;

std::string temporary_prefix(const fs::path& place) {
  return place.filename().string() + ".tmp-";
}

/// Whether the digits behind the prefix are the number of a process that is no more.
bool is_abandoned(std::string_view name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  int process = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
  if (error != std::errc() || end != name.data() + name.size() || process <= 0) return false;
  return process != ::getpid() && ::kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace

fs::path temporary_neighbour(const fs::path& place) {
  return place.parent_path() / fmt::format("{}{}", temporary_prefix(place), ::getpid());
}

void remove_abandoned(const fs::path& place) {
  const fs::path folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
  const std::string prefix = temporary_prefix(place);
  std::vector<fs::path> abandoned;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (is_abandoned(entry->path().filename().string(), prefix)) abandoned.push_back(entry->path());
  }
  if (abandoned.empty() || is_on_network(folder)) return;
  for (const fs::path& path : abandoned) fs::remove_all(path, error);
}

}  // namespace segbench::core
