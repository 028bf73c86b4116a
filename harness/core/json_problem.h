// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <string>

namespace segbench::core {

/// What a JSON exception says, for people: "key 'seed' not found", "invalid JSON at line 3, column 7",
/// without the library's own names and numbers.
std::string json_problem(const std::exception& exception);

}  // namespace segbench::core
