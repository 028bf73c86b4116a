// SPDX-License-Identifier: MIT
#include "harness/core/text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace segbench::core {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) best = &candidate, best_distance = distance;
  }
  return best == nullptr ? "" : fmt::format(" (did you mean \"{}\"?)", *best);
}

std::string human_bytes(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string human_count(double count) {
  static constexpr std::array<const char*, 5> kUnits = {"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  for (; count >= 1000 && unit + 1 < kUnits.size(); ++unit) count /= 1000;
  return unit == 0 ? fmt::format("{:g}", count)
                   : fmt::format("{:.{}f}{}", count, count < 100 ? 2 : 1, kUnits[unit]);
}

std::string human_duration(std::chrono::duration<double> duration) {
  const double seconds =
      std::max(0.0, duration.count());  // clocks are set back; nothing takes less than no time
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 48 * 3600) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

std::string utc_timestamp(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)),
                     milliseconds);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

namespace {

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

/// Bytes that all names begin, or with reversed names end, with; whole characters.
template <typename Iterator>
std::size_t common_bytes(const std::vector<std::string>& names, Iterator (*begin)(const std::string&)) {
  std::size_t common = names.front().size();
  for (const std::string& name : names) {
    common = std::min(common, name.size());
    const auto first = begin(names.front()), other = begin(name);
    for (std::size_t i = 0; i < common; ++i) {
      if (first[static_cast<std::ptrdiff_t>(i)] != other[static_cast<std::ptrdiff_t>(i)]) common = i;
    }
  }
  return common;
}

}  // namespace

std::string shorten_middle(std::string_view text, std::size_t width) {
  const std::size_t length = characters(text);
  if (length <= width || width == 0) return std::string(width == 0 ? "" : text);
  const std::size_t head = width / 2, tail = width - 1 - head;
  std::string shown;
  std::size_t character = 0;
  for (const char c : text) {
    if (!continues(c)) ++character;
    if (character <= head || character > length - tail) shown += c;
    if (character == head + 1 && !continues(c)) shown += "…";
  }
  return shown;
}

std::vector<std::string> shorten_names(const std::vector<std::string>& names, std::size_t width) {
  const auto shortened = [&](const std::vector<std::string>& list) {
    std::vector<std::string> shown;
    for (const std::string& name : list) shown.push_back(shorten_middle(name, width));
    return shown;
  };
  const auto distinct = [](const std::vector<std::string>& list) {
    return std::set<std::string>(list.begin(), list.end()).size();
  };
  std::vector<std::string> shown = shortened(names);
  if (names.empty() || distinct(shown) == distinct(names)) return shown;
  std::size_t head =
      common_bytes<std::string::const_iterator>(names, [](const std::string& name) { return name.begin(); });
  std::size_t tail = common_bytes<std::string::const_reverse_iterator>(
      names, [](const std::string& name) { return name.rbegin(); });
  std::vector<std::string> cores;
  for (const std::string& name : names) {
    std::size_t begin = head, end = name.size() - std::min(tail, name.size() - std::min(head, name.size()));
    while (begin > 0 && begin < name.size() && continues(name[begin])) --begin;
    while (end < name.size() && continues(name[end])) ++end;
    cores.push_back((begin > 0 ? "…" : "") + name.substr(begin, end - begin) +
                    (end < name.size() ? "…" : ""));
  }
  cores = shortened(cores);
  return distinct(cores) > distinct(shown) ? cores : shown;
}

}  // namespace segbench::core
