// SPDX-License-Identifier: MIT
#include "harness/core/json_problem.h"

namespace segbench::core {

std::string json_problem(const std::exception& exception) {
  std::string text = exception.what();
  if (text.starts_with("[json.exception.")) text.erase(0, text.find("] ") + 2);
  const std::string parse = "parse error at ";
  if (text.starts_with(parse))
    text = "invalid JSON at " + text.substr(parse.size(), text.find(':') - parse.size());
  return text;
}

}  // namespace segbench::core
