// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>

#include "harness/text/markup.h"
#include "harness/text/text_grid.h"
#include "harness/text/utf8.h"

namespace segbench::text {

/// An underscore within a word is no markup, and a line begins none here.
std::string markdown_text(std::string_view given) {
  const std::string text = clean(given);
  const auto in_word = [&](std::size_t i) {
    return i > 0 && i + 1 < text.size() && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0 &&
           std::isalnum(static_cast<unsigned char>(text[i + 1])) != 0;
  };
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool entity = text[i] == '&' && i + 1 < text.size() &&
                        (text[i + 1] == '#' || std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0);
    const bool special = entity || std::string_view("\\|*`<>[]~").find(text[i]) != std::string_view::npos;
    if (special || (text[i] == '_' && !in_word(i))) escaped += '\\';
    escaped += text[i];
  }
  return escaped;
}

std::string to_markdown(const Table& given) {
  const TextGrid table = text_grid(given, [](const std::string& text) { return markdown_text(text); });
  std::vector<std::size_t> widths;  // a delimiter cell has at least one hyphen beside its colon
  for (std::size_t c = 0; c < table.headings.size(); ++c)
    widths.push_back(std::max<std::size_t>(3, table.width_of(c)));
  const auto line = [&](auto cell_of) {
    std::string cells = "|";
    for (std::size_t c = 0; c < widths.size(); ++c)
      cells += ' ' + padded(cell_of(c), widths[c], table.right[c]) + " |";
    return cells + '\n';
  };
  std::string text = given.caption.empty() ? "" : markdown_text(given.caption) + "\n\n";
  text += line([&](std::size_t c) { return table.headings[c]; });
  text += line([&](std::size_t c) { return std::string(widths[c] - 1, '-') + (table.right[c] ? ':' : '-'); });
  for (std::size_t r = 0; r < table.rows(); ++r)
    text += line([&](std::size_t c) { return table.columns[c][r]; });
  return text;
}

}  // namespace segbench::text
