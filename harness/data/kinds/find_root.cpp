// SPDX-License-Identifier: MIT
#include "harness/data/kinds/find_root.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::data {

namespace fs = std::filesystem;

fs::path find_root(const std::string& root, const std::vector<std::string>& below,
                   const std::vector<std::string>& wanted, const std::string& remedy) {
  const auto has_all = [&](const fs::path& folder) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
      std::error_code ignored;
      return fs::exists(folder / name, ignored);
    });
  };
  if (has_all(root)) return root;
  for (const std::string& name : below) {
    if (has_all(fs::path(root) / name)) return fs::path(root) / name;
  }
  throw core::UserError(
      fmt::format("{}: has no {}; set root to {}", root, fmt::join(wanted, " and "), remedy),
      core::kAuditRefused);
}

}  // namespace segbench::data
