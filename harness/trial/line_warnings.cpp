// SPDX-License-Identifier: MIT
#include "harness/trial/line_warnings.h"

#include <fmt/format.h>

#include "harness/core/error.h"

namespace segbench::trial {
namespace {

constexpr int kWarningsPerFile = 20;

}  // namespace

void Warnings::add(const std::filesystem::path& file, int line, const std::string& message) {
  if (++seen_[file] <= kWarningsPerFile)
    lines_.push_back(core::Problem{file.string(), line, 0, message}.to_string());
}

std::vector<std::string> Warnings::take() {
  for (const auto& [file, count] : seen_) {
    if (count > kWarningsPerFile)
      lines_.push_back(fmt::format("{}: {} more lines like these", file.string(), count - kWarningsPerFile));
  }
  seen_.clear();
  return std::move(lines_);
}

}  // namespace segbench::trial
