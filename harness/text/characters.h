// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace segbench::text {

/// A character as a reader sees it.
struct Character {
  std::string_view bytes;   ///< of the text that it is part of
  std::size_t columns = 0;  ///< that it takes in a terminal
  bool valid = true;        ///< false: a byte that is no UTF-8
  bool control = false;
};

/// The characters of a text, in order; together they are all of its bytes.
std::vector<Character> characters(std::string_view text);

}  // namespace segbench::text
