// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace segbench::core {

/// Whether `text` has the form of `pattern`: '*' stands for any characters, '?' for one.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace segbench::core
