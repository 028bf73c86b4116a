// SPDX-License-Identifier: MIT
#include "harness/core/error.h"

#include <utility>

namespace segbench::core {
namespace {

std::string join(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.to_string();
  }
  return text;
}

}  // namespace

std::string Problem::to_string() const {
  std::string place = file;
  if (line > 0) place += fmt::format("{}{}", place.empty() ? "line " : ":", line);
  if (line > 0 && column > 0) place += fmt::format(":{}", column);
  return place.empty() ? message : place + ": " + message;
}

UserError::UserError(const std::string& message, int exit_code)
    : UserError(std::vector<Problem>{Problem{.file = "", .message = message}}, exit_code) {}

UserError::UserError(std::vector<Problem> problems, int exit_code)
    : std::runtime_error(join(problems)), problems_(std::move(problems)), exit_code_(exit_code) {}

void fail_check(const char* condition, const char* file, int line, const std::string& message) {
  throw InternalError(fmt::format("{}:{}: {} does not hold: {}", file, line, condition, message));
}

}  // namespace segbench::core
