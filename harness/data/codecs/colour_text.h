// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "harness/data/codecs/image.h"

namespace segbench::data {

/// "#80ff00" as a colour; empty when the text is anything else.
inline std::optional<Rgb> parse_colour(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return std::nullopt;
  Rgb colour{};
  for (std::size_t i = 0; i < 6; ++i) {
    const char c = text[i + 1];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    colour[i / 2] = static_cast<std::uint8_t>(colour[i / 2] * 16 + digit);
  }
  return colour;
}

}  // namespace segbench::data
