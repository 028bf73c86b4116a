// SPDX-License-Identifier: MIT
#include "harness/text/characters.h"

#include <utf8proc.h>

#include <algorithm>

namespace segbench::text {
namespace {

/// One code point, and how many bytes it takes. One byte that is no UTF-8 counts as a code point below 0.
struct CodePoint {
  utf8proc_int32_t value = -1;
  std::size_t bytes = 1;
};

CodePoint first_of(std::string_view text) {
  CodePoint point;
  const utf8proc_ssize_t bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                  static_cast<utf8proc_ssize_t>(text.size()), &point.value);
  if (bytes <= 0) return {};
  point.bytes = static_cast<std::size_t>(bytes);
  return point;
}

std::size_t columns_of(const CodePoint& point) {
  return point.value < 0 ? 1 : static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point.value)));
}

}  // namespace

std::vector<Character> characters(std::string_view text) {
  constexpr std::size_t kWidest = 2;  // emoji that are joined from several are drawn as one
  std::vector<Character> all;
  utf8proc_int32_t previous = -1, state = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const CodePoint point = first_of(text.substr(begin));
    const bool joins =
        previous >= 0 && point.value >= 0 && !utf8proc_grapheme_break_stateful(previous, point.value, &state);
    if (joins) {
      Character& last = all.back();
      last.bytes = text.substr(begin - last.bytes.size(), last.bytes.size() + point.bytes);
      last.columns = std::min(kWidest, last.columns + columns_of(point));
    } else {
      const bool control = point.value >= 0 && utf8proc_category(point.value) == UTF8PROC_CATEGORY_CC;
      all.push_back({.bytes = text.substr(begin, point.bytes),
                     .columns = columns_of(point),
                     .valid = point.value >= 0,
                     .control = control});
    }
    previous = point.value;
    if (!joins) state = 0;
    begin += point.bytes;
  }
  return all;
}

}  // namespace segbench::text
