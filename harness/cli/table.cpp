// SPDX-License-Identifier: MIT
#include "harness/cli/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/terminal.h"
#include "harness/core/error.h"
#include "harness/core/streams.h"
#include "harness/core/text.h"

namespace segbench::cli {
namespace {

using core::Json;

std::string text_of(const Json& cell, const Column& column, std::string_view undefined) {
  if (cell.is_null()) return std::string(undefined);
  if (cell.is_string()) return cell.get<std::string>();
  if (cell.is_number_float()) {
    std::string text = fmt::format("{:.{}f}", cell.get<double>(), column.digits);
    if (text[0] == '-' && text.find_first_of("123456789") == std::string::npos)
      text.erase(0, 1);  // no "-0.0"
    return text;
  }
  return cell.dump();
}

/// Text that stays in its cell: one line, no control characters, in Markdown nothing that GitHub would read.
std::string in_cell(std::string text, bool markdown) {
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  text = core::visible(text);
  if (!markdown) return text;
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\|*`<>[]").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  const std::string fill(width - std::min(width, text_width(text)), ' ');
  return right ? fill + std::string(text) : std::string(text) + fill;
}

/// A table whose cells are text.
struct TextTable {
  std::vector<std::string> names;
  std::vector<bool> right;
  std::vector<std::vector<std::string>> columns;  ///< [column][row]

  std::size_t width_of(std::size_t c) const {
    std::size_t width = text_width(names[c]);
    for (const std::string& cell : columns[c]) width = std::max(width, text_width(cell));
    return width;
  }
  std::size_t width() const {
    std::size_t sum = names.empty() ? 0 : kGap * (names.size() - 1);
    for (std::size_t c = 0; c < names.size(); ++c) sum += width_of(c);
    return sum;
  }
  /// Shortens the cells of a column in the middle.
  void limit(std::size_t c, std::size_t width) {
    columns[c] = core::shorten_names(columns[c], std::max(width, text_width(names[c])));
  }
  void remove(std::size_t c) {
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(c));
    right.erase(right.begin() + static_cast<std::ptrdiff_t>(c));
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(c));
  }
  bool is_empty(std::size_t c) const {
    return std::all_of(columns[c].begin(), columns[c].end(),
                       [](const std::string& cell) { return cell.empty() || cell == kUndefined; });
  }
  static constexpr std::size_t kGap = 2;
  static constexpr const char* kUndefined = "–";
};

TextTable text_table(const Table& table, bool markdown) {
  TextTable text;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    text.names.push_back(in_cell(table.columns[c].name, markdown));
    text.right.push_back(table.columns[c].right);
    text.columns.emplace_back();
    for (const auto& row : table.rows)
      text.columns[c].push_back(
          in_cell(text_of(row.at(c), table.columns[c], TextTable::kUndefined), markdown));
  }
  return text;
}

/// An id or hash stands for itself by its first digits.
void cut_hashes(std::vector<std::string>& cells) {
  constexpr std::size_t kShown = 12;
  for (std::string& cell : cells) {
    if (cell.size() > kShown && cell.find_first_not_of("0123456789abcdef") == std::string::npos)
      cell.resize(kShown);
  }
}

/// Makes a table as narrow as may be without losing much: columns that are empty go, ids become their first
/// digits, long texts are shortened in the middle.
void narrow(TextTable& table, std::size_t width, std::size_t keys) {
  // A text column is not made narrower than that: two of them fit side by side.
  const std::size_t least_text =
      std::min<std::size_t>(24, (std::max<std::size_t>(width, 12) - TextTable::kGap) / 2);
  for (std::size_t c = table.names.size(); table.width() > width && c-- > 1;) {
    if (!table.right[c] && table.is_empty(c) && !table.columns[c].empty()) table.remove(c);
  }
  if (table.width() > width) std::for_each(table.columns.begin(), table.columns.end(), cut_hashes);
  const std::vector<std::vector<std::string>> whole = table.columns;
  while (table.width() > width) {
    std::size_t widest = table.names.size();
    for (std::size_t c = 0; c < table.names.size(); ++c) {
      const std::size_t least = std::max(least_text, text_width(table.names[c]));
      if (table.right[c] || table.width_of(c) <= least) continue;
      if (widest == table.names.size() || table.width_of(c) > table.width_of(widest)) widest = c;
    }
    if (widest == table.names.size()) {
      // It goes on below, where each column has the whole line beside the keys.
      std::size_t used = 0;
      for (std::size_t k = 0; k < std::min(keys, table.names.size()); ++k)
        used += table.width_of(k) + TextTable::kGap;
      for (std::size_t c = keys; c < table.names.size(); ++c) {
        if (table.right[c]) continue;
        table.columns[c] = whole[c];
        table.limit(c, width > used ? width - used : least_text);
      }
      return;
    }
    const std::size_t excess = table.width() - width, now = table.width_of(widest);
    table.limit(widest, std::max(least_text,
                                 now - std::min(excess, std::max<std::size_t>(1, (now - least_text) / 2))));
  }
}

/// Which columns stand side by side: as many as fit, each block beginning with the first `keys` columns.
std::vector<std::vector<std::size_t>> blocks_of(const TextTable& table, std::size_t width, std::size_t keys) {
  std::vector<std::vector<std::size_t>> blocks;
  keys = std::min(keys, table.names.size());
  std::size_t used = 0;
  for (std::size_t c = keys; c < table.names.size() || blocks.empty(); ++c) {
    const std::size_t needed = c < table.names.size() ? TextTable::kGap + table.width_of(c) : 0;
    if (blocks.empty() || (used + needed > width && blocks.back().size() > keys)) {
      blocks.emplace_back();
      used = 0;
      for (std::size_t k = 0; k < keys; ++k) {
        blocks.back().push_back(k);
        used += (k > 0 ? TextTable::kGap : 0) + table.width_of(k);
      }
    }
    if (c < table.names.size()) blocks.back().push_back(c);
    used += needed;
  }
  return blocks;
}

std::string render_text(const Table& given, std::size_t width) {
  TextTable table = text_table(given, /*markdown=*/false);
  if (table.names.empty()) return "";
  narrow(table, width, given.keys);
  std::string text;
  for (const std::vector<std::size_t>& block : blocks_of(table, width, given.keys)) {
    const auto line = [&](auto cell_of) {
      std::string cells;
      for (const std::size_t c : block)
        cells += (cells.empty() ? "" : "  ") + padded(cell_of(c), table.width_of(c), table.right[c]);
      while (!cells.empty() && cells.back() == ' ') cells.pop_back();
      return cells + '\n';
    };
    if (!text.empty()) text += '\n';
    text += line([&](std::size_t c) { return table.names[c]; });
    text += line([&](std::size_t c) { return std::string(table.width_of(c), '-'); });
    for (std::size_t r = 0; r < given.rows.size(); ++r)
      text += line([&](std::size_t c) { return table.columns[c][r]; });
  }
  return text;
}

/// A GitHub-flavoured table: a delimiter cell has at least one hyphen beside its colon.
std::string render_markdown(const Table& given) {
  const TextTable table = text_table(given, /*markdown=*/true);
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.names.size(); ++c)
    widths.push_back(std::max<std::size_t>(3, table.width_of(c)));
  const auto line = [&](auto cell_of) {
    std::string cells = "|";
    for (std::size_t c = 0; c < widths.size(); ++c)
      cells += ' ' + padded(cell_of(c), widths[c], table.right[c]) + " |";
    return cells + '\n';
  };
  std::string text = line([&](std::size_t c) { return table.names[c]; });
  text += line([&](std::size_t c) { return std::string(widths[c] - 1, '-') + (table.right[c] ? ':' : '-'); });
  for (std::size_t r = 0; r < given.rows.size(); ++r)
    text += line([&](std::size_t c) { return table.columns[c][r]; });
  return text;
}

std::string csv_cell(const Json& cell) {
  std::string text = cell.is_null() ? "" : cell.is_string() ? cell.get<std::string>() : cell.dump();
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string render_csv(const Table& table) {
  std::string text;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    text += (c > 0 ? "," : "") + csv_cell(table.columns[c].name);
  text += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) text += (c > 0 ? "," : "") + csv_cell(row[c]);
    text += '\n';
  }
  return text;
}

std::string render_json(const Table& table) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const auto& row : table.rows) {
    nlohmann::ordered_json object;
    for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c].name] = row[c];
    rows.push_back(std::move(object));
  }
  return rows.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string render(const Table& table, std::string_view format, std::size_t width) {
  if (format == "json") return render_json(table);
  if (format == "csv") return render_csv(table);
  SEGBENCH_CHECK(format == "table" || format == "md", "unknown format {}", format);
  return format == "md" ? render_markdown(table) : render_text(table, width);
}

}  // namespace segbench::cli
