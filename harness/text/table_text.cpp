// SPDX-License-Identifier: MIT
#include <algorithm>

#include "harness/core/streams.h"
#include "harness/text/numbers.h"
#include "harness/text/text_grid.h"
#include "harness/text/utf8.h"

namespace segbench::text {
namespace {

/// Text that stays in its cell: one line, with control characters made visible.
std::string in_cell(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return core::visible(text);
}

/// Shortens the cells of a column in the middle.
void limit(TextGrid& table, std::size_t c, std::size_t columns) {
  table.columns[c] = shorten_names(table.columns[c], std::max(columns, text::width(table.headings[c])));
}

void remove(TextGrid& table, std::size_t c) {
  const auto at = static_cast<std::ptrdiff_t>(c);
  table.headings.erase(table.headings.begin() + at);
  table.right.erase(table.right.begin() + at);
  table.columns.erase(table.columns.begin() + at);
}

bool is_empty(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const std::string& cell) { return cell.empty() || cell == kUndefined; });
}

/// An id or hash stands for itself by its first digits.
void cut_hashes(std::vector<std::string>& cells) {
  constexpr std::size_t kShown = 12;
  for (std::string& cell : cells) {
    if (cell.size() > kShown && cell.find_first_not_of("0123456789abcdef") == std::string::npos)
      cell.resize(kShown);
  }
}

std::size_t width_of_first(const TextGrid& table, std::size_t count) {
  std::size_t sum = count == 0 ? 0 : TextGrid::kGap * (count - 1);
  for (std::size_t c = 0; c < count; ++c) sum += table.width_of(c);
  return sum;
}

/// Shortens the widest texts of the first columns until these fit; false where each would have to be
/// narrower than `least`.
bool shrink(TextGrid& table, std::size_t count, std::size_t width, std::size_t least) {
  const auto least_of = [&](std::size_t c) { return std::max(least, text::width(table.headings[c])); };
  while (width_of_first(table, count) > width) {
    std::size_t widest = count;
    for (std::size_t c = 0; c < count; ++c) {
      if (table.right[c] || table.width_of(c) <= least_of(c)) continue;
      if (widest == count || table.width_of(c) > table.width_of(widest)) widest = c;
    }
    if (widest == count) return false;
    const std::size_t excess = width_of_first(table, count) - width, now = table.width_of(widest);
    limit(table, widest,
          std::max(least, now - std::min(excess, std::max<std::size_t>(1, (now - least) / 2))));
  }
  return true;
}

/// Makes a table as narrow as may be without losing much: columns that are empty go, ids become their first
/// digits, long texts are shortened in the middle. Where that is not enough it goes on below: then the keys
/// have half of a line, each other text what is left beside them.
void narrow(TextGrid& table, std::size_t width, std::size_t keys) {
  // A text column is not made narrower than that: two of them fit side by side.
  const std::size_t least_text =
      std::min<std::size_t>(24, (std::max<std::size_t>(width, 12) - TextGrid::kGap) / 2);
  for (std::size_t c = table.headings.size(); table.width() > width && c-- > 1;) {
    if (!table.right[c] && is_empty(table.columns[c]) && !table.columns[c].empty()) remove(table, c);
  }
  if (table.width() > width) std::for_each(table.columns.begin(), table.columns.end(), cut_hashes);
  const std::vector<std::vector<std::string>> whole = table.columns;
  if (shrink(table, table.headings.size(), width, least_text)) return;
  table.columns = whole;
  keys = std::min(keys, table.headings.size());
  const std::size_t beside = TextGrid::kGap + least_text;
  shrink(table, keys, std::min(width / 2, width - std::min(width, beside)), least_text);
  const std::size_t used = width_of_first(table, keys) + (keys > 0 ? TextGrid::kGap : 0);
  for (std::size_t c = keys; c < table.headings.size(); ++c) {
    if (!table.right[c]) limit(table, c, std::max(least_text, width - std::min(width, used)));
  }
}

/// Which columns stand side by side: as many as fit, each block beginning with the first `keys` columns.
std::vector<std::vector<std::size_t>> blocks_of(const TextGrid& table, std::size_t width, std::size_t keys) {
  std::vector<std::vector<std::size_t>> blocks;
  keys = std::min(keys, table.headings.size());
  std::size_t used = 0;
  for (std::size_t c = keys; c < table.headings.size() || blocks.empty(); ++c) {
    const std::size_t needed = c < table.headings.size() ? TextGrid::kGap + table.width_of(c) : 0;
    if (blocks.empty() || (used + needed > width && blocks.back().size() > keys)) {
      blocks.emplace_back();
      used = 0;
      for (std::size_t k = 0; k < keys; ++k) {
        blocks.back().push_back(k);
        used += (k > 0 ? TextGrid::kGap : 0) + table.width_of(k);
      }
    }
    if (c < table.headings.size()) blocks.back().push_back(c);
    used += needed;
  }
  return blocks;
}

}  // namespace

std::string to_text(const Table& given, std::size_t columns) {
  TextGrid table = text_grid(given, in_cell);
  if (table.headings.empty()) return "";
  narrow(table, columns, given.keys);
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.headings.size(); ++c) widths.push_back(table.width_of(c));
  std::string text;
  for (const std::vector<std::size_t>& block : blocks_of(table, columns, given.keys)) {
    const auto line = [&](auto cell_of) {
      std::string cells;
      for (const std::size_t c : block)
        cells += (cells.empty() ? "" : "  ") + padded(cell_of(c), widths[c], table.right[c]);
      while (!cells.empty() && cells.back() == ' ') cells.pop_back();
      return cells + '\n';
    };
    if (!text.empty()) text += '\n';
    text += line([&](std::size_t c) { return table.headings[c]; });
    text += line([&](std::size_t c) { return std::string(widths[c], '-'); });
    for (std::size_t r = 0; r < given.rows.size(); ++r)
      text += line([&](std::size_t c) { return table.columns[c][r]; });
  }
  return text;
}

}  // namespace segbench::text
