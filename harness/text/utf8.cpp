// SPDX-License-Identifier: MIT
#include "harness/text/utf8.h"

#include <algorithm>

#include "harness/text/characters.h"

namespace segbench::text {
namespace {

constexpr std::string_view kEllipsis = "…";

using Span = std::pair<std::size_t, std::size_t>;  // first and past the last

std::string joined(const std::vector<Character>& text, Span span) {
  std::string bytes;
  for (std::size_t i = span.first; i < span.second; ++i) bytes += text[i].bytes;
  return bytes;
}

/// How many characters from the beginning, or backwards from the end, fit into `columns`.
template <typename Iterator>
std::size_t that_fit(Iterator begin, Iterator end, std::size_t columns) {
  std::size_t used = 0, count = 0;
  for (; begin != end && used + begin->columns <= columns; ++begin, ++count) used += begin->columns;
  return count;
}

std::size_t width_of(const std::vector<Character>& text) {
  std::size_t columns = 0;
  for (const Character& character : text) columns += character.columns;
  return columns;
}

}  // namespace

std::size_t width(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return plain ? text.size() : width_of(characters(text));
}

std::string clean(std::string_view text) {
  std::string cleaned;
  for (const Character& character : characters(text)) {
    if (!character.valid)
      cleaned += '?';
    else if (character.control)  // a line end of two bytes is one character
      cleaned.append(character.bytes.size() > 1 && character.bytes[0] == '\r' ? 2 : 1, ' ');
    else
      cleaned += character.bytes;
  }
  return cleaned;
}

std::string fit(std::string_view text, std::size_t columns) {
  const std::vector<Character> all = characters(text);
  if (width_of(all) <= columns) return std::string(text);
  if (columns == 0) return "";
  return joined(all, {0, that_fit(all.begin(), all.end(), columns - 1)}) + std::string(kEllipsis);
}

std::string padded(std::string_view text, std::size_t columns, bool right) {
  const std::string fill(columns - std::min(columns, width(text)), ' ');
  return right ? fill + std::string(text) : std::string(text) + fill;
}

std::string shorten_middle(std::string_view text, std::size_t columns) {
  if (columns == 0) return "";
  const std::vector<Character> all = characters(text);
  if (width_of(all) <= columns) return std::string(text);
  const std::size_t head = that_fit(all.begin(), all.end(), columns / 2);
  const std::size_t tail = that_fit(all.rbegin(), all.rend(), columns - 1 - columns / 2);
  return joined(all, {0, head}) + std::string(kEllipsis) + joined(all, {all.size() - tail, all.size()});
}

std::string shortened(std::string_view text, std::size_t columns) {
  return shorten_middle(clean(text), columns);
}

}  // namespace segbench::text
