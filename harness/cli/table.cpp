// SPDX-License-Identifier: MIT
#include "harness/cli/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::cli {
namespace {

using core::Json;

std::string text_of(const Json& cell, const Column& column, std::string_view undefined) {
  if (cell.is_null()) return std::string(undefined);
  if (cell.is_string()) return cell.get<std::string>();
  if (cell.is_number_float()) return fmt::format("{:.{}f}", cell.get<double>(), column.digits);
  return cell.dump();
}

/// Characters, not bytes: columns stay aligned when a cell holds UTF-8.
std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  const std::string fill(width - std::min(width, display_width(text)), ' ');
  return right ? fill + std::string(text) : std::string(text) + fill;
}

std::string render_text(const Table& table, bool markdown) {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> cells(table.rows.size());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::size_t width = display_width(table.columns[c].name);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      cells[r].push_back(text_of(table.rows[r].at(c), table.columns[c], "–"));
      width = std::max(width, display_width(cells[r].back()));
    }
    widths.push_back(width);
  }
  const auto line = [&](auto cell_of) {
    std::string text = markdown ? "|" : "";
    for (std::size_t c = 0; c < widths.size(); ++c) {
      text += (markdown ? " " : c > 0 ? "  " : "") + padded(cell_of(c), widths[c], table.columns[c].right);
      if (markdown) text += " |";
    }
    while (!markdown && !text.empty() && text.back() == ' ') text.pop_back();
    return text + '\n';
  };
  std::string text = line([&](std::size_t c) { return table.columns[c].name; });
  text += markdown ? line([&](std::size_t c) {
    return std::string(widths[c] - 1, '-') + (table.columns[c].right ? ":" : "-");
  })
                   : line([&](std::size_t c) { return std::string(widths[c], '-'); });
  for (const auto& row : cells) text += line([&](std::size_t c) { return row[c]; });
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
  return rows.dump(2) + '\n';
}

}  // namespace

std::string render(const Table& table, std::string_view format) {
  if (format == "json") return render_json(table);
  if (format == "csv") return render_csv(table);
  SEGBENCH_CHECK(format == "table" || format == "md", "unknown format {}", format);
  return render_text(table, format == "md");
}

}  // namespace segbench::cli
