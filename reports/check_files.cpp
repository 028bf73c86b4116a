// SPDX-License-Identifier: MIT
#include "reports/check_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/text/utf8.h"

namespace segbench::reports {
namespace {

constexpr std::size_t kBefore = 24, kAfter = 36;  ///< what is shown around a difference, in bytes

std::map<std::string, std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::map<std::string, std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files[entry.path().lexically_relative(folder).generic_string()] = entry.path();
  }
  return files;
}

bool is_text(std::string_view content) {
  return content.find('\0') == std::string_view::npos;
}

/// Some of the line around byte `at`.
std::string around(std::string_view text, std::size_t at) {
  const std::size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  const std::size_t begin = std::max(line, at > kBefore ? at - kBefore : 0);
  const std::size_t end = std::min({text.size(), text.find('\n', std::min(at, text.size())), at + kAfter});
  if (begin >= end) return "nothing";
  return fmt::format("“{}”", text::clean(text.substr(begin, end - begin)));
}

}  // namespace

std::string first_difference(std::string_view written, std::string_view anew) {
  if (written == anew) return "";
  const auto place = std::mismatch(written.begin(), written.end(), anew.begin(), anew.end()).first;
  const auto at = static_cast<std::size_t>(place - written.begin());
  if (!is_text(written) || !is_text(anew))
    return fmt::format("byte {} differs from what the store gives", at);
  return fmt::format("line {}: the report says {}, the store gives {}",
                     1 + std::count(written.begin(), place, '\n'), around(written, at), around(anew, at));
}

std::vector<std::string> differing_files(
    const std::filesystem::path& written, const std::filesystem::path& anew,
    const std::function<bool(const std::string& name)>& skip,
    const std::function<std::string(const std::string& name, std::string content)>& normal) {
  std::vector<std::string> found;
  for (const auto& [name, file] : files_below(anew)) {
    if (skip(name)) continue;
    if (!std::filesystem::is_regular_file(written / name)) {
      found.push_back(name + ": is missing");
      continue;
    }
    const std::string place =
        first_difference(normal(name, core::read_file(written / name)), normal(name, core::read_file(file)));
    if (!place.empty()) found.push_back(name + ": " + place);
  }
  return found;
}

}  // namespace segbench::reports
