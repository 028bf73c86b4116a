// SPDX-License-Identifier: MIT
#include "harness/data/codecs/base64.h"

#include "harness/core/error.h"

namespace segbench::data {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::vector<std::uint8_t> from_base64(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t held = 0;
  std::size_t digits = 0, padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    const std::size_t digit = kDigits.find(c);
    if (c == '=') {
      ++padding;
      continue;
    }
    if (digit == std::string_view::npos || padding > 0) throw core::UserError("text in base64 is damaged");
    held = held << 6 | static_cast<std::uint32_t>(digit);
    if (++digits % 4 != 1) bytes.push_back(static_cast<std::uint8_t>(held >> (6 - 2 * ((digits - 1) % 4))));
  }
  if (digits % 4 == 1 || (digits + padding) % 4 != 0) throw core::UserError("text in base64 is cut off");
  return bytes;
}

}  // namespace segbench::data
