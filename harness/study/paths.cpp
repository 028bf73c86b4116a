// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cctype>
#include <cstdlib>

#include "harness/study/data_section.h"

namespace segbench::study {
namespace {

bool is_variable_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) return false;
  for (const unsigned char c : name) {
    if (std::isalnum(c) == 0 && c != '_') return false;
  }
  return true;
}

/// What `NAME` or `NAME:-default` stands for.
std::string expand(const Node& root, std::string_view key, const std::string& reference,
                   ProblemList& problems) {
  const std::size_t dash = reference.find(":-");
  const std::string name = reference.substr(0, dash);
  if (!is_variable_name(name)) {
    problems.add(root.place,
                 fmt::format("{}: invalid reference ${{{}}}; write ${{NAME}} or ${{NAME:-default}} with the "
                             "name of an environment variable",
                             key, reference));
    return {};
  }
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && *value != '\0') return value;
  if (dash != std::string::npos) return reference.substr(dash + 2);
  problems.add(
      root.place,
      fmt::format("{0}: the environment variable {1} is not set or is empty; set it, or give a default: "
                  "${{{1}:-folder}}",
                  key, name));
  return {};
}

}  // namespace

std::string resolve_path(const Node& root, std::string_view key, ProblemList& problems) {
  const std::string text = root.string();
  std::string path;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 3, "$${") == 0) {
      path += "${";
      i += 3;
    } else if (text.compare(i, 2, "${") == 0) {
      const std::size_t end = text.find('}', i);
      if (end == std::string::npos) {
        problems.add(root.place, fmt::format("{}: ${{ without a closing }} in {}", key, describe(root)));
        return {};
      }
      path += expand(root, key, text.substr(i + 2, end - i - 2), problems);
      i = end + 1;
    } else {
      path += text[i++];
    }
  }
  if (path.empty()) return path;
  const std::filesystem::path folder =
      root.place.line > 0 ? std::filesystem::path(root.place.file).parent_path() : std::filesystem::path();
  std::filesystem::path resolved = (std::filesystem::absolute(folder / path)).lexically_normal();
  if (!resolved.has_filename()) resolved = resolved.parent_path();
  return resolved.string();
}

std::string escape_path(const std::string& root) {
  std::string escaped;
  for (std::size_t i = 0; i < root.size(); ++i) {
    if (root.compare(i, 2, "${") == 0) escaped += '$';
    escaped += root[i];
  }
  return escaped;
}

}  // namespace segbench::study
