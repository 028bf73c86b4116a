// SPDX-License-Identifier: MIT
#include "harness/text/text_grid.h"

#include <algorithm>

#include "harness/text/utf8.h"

namespace segbench::text {

std::size_t TextGrid::width_of(std::size_t column) const {
  std::size_t widest = text::width(headings[column]);
  for (const std::string& cell : columns[column]) widest = std::max(widest, text::width(cell));
  return widest;
}

std::size_t TextGrid::width() const {
  std::size_t sum = headings.empty() ? 0 : kGap * (headings.size() - 1);
  for (std::size_t c = 0; c < headings.size(); ++c) sum += width_of(c);
  return sum;
}

TextGrid text_grid(const Table& table, const std::function<std::string(std::string)>& form) {
  TextGrid grid;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (!is_shown(column)) continue;
    grid.headings.push_back(form(heading(column)));
    grid.right.push_back(column.number);
    grid.columns.emplace_back();
    for (const auto& row : table.rows) grid.columns.back().push_back(form(shown(row.at(c), column)));
  }
  return grid;
}

}  // namespace segbench::text
