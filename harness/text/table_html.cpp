// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "harness/text/html.h"
#include "harness/text/table.h"

namespace segbench::text {
namespace {

/// Columns of names, which may be long: they break lines, if they can at a sign that parts words.
bool is_name(const Column& column) {
  constexpr std::string_view kNames[] = {"variant", "study",  "candidate", "reference", "image",
                                         "class",   "source", "basis",     "statistic"};
  return std::find(std::begin(kNames), std::end(kNames), column.key) != std::end(kNames);
}

/// Escaped text with places to break after "=", "/" and "_".
std::string breakable(const std::string& escaped) {
  constexpr std::size_t kLong = 12;
  if (escaped.size() <= kLong) return escaped;
  std::string text;
  for (const char c : escaped) {
    text += c;
    if (c == '=' || c == '/' || c == '_') text += "<wbr>";
  }
  return text;
}

std::string html_cell(const Table& table, std::size_t c, const Cell& cell, bool row_head,
                      const std::vector<std::string>& row_trials) {
  const Column& column = table.columns[c];
  std::string content = cell.markup.empty() ? escape(shown(cell, column)) : cell.markup;
  if (cell.markup.empty() && is_name(column)) content = breakable(content);
  const char* kind = column.number || cell.is_number ? "n"
                     : column.wrap                   ? "long"
                     : is_name(column)               ? "name"
                                                     : "";
  std::string attributes = *kind == '\0' ? "" : fmt::format(" class=\"{}\"", kind);
  if (!cell.style.empty()) attributes += fmt::format(" style=\"{}\"", cell.style);
  const std::string trials = cell.trials == row_trials ? "" : trials_attribute(cell.trials);
  if (cell.value.is_number()) {
    const auto number = cell.value.get<double>();
    const std::string title = cell.note.empty() ? fmt::format("{:.6g}", number) : cell.note;
    content =
        fmt::format("<data value=\"{}\" title=\"{}\"{}>{}</data>", number, escape(title), trials, content);
  } else if (!cell.note.empty() || !trials.empty()) {
    content = fmt::format("<span title=\"{}\"{}>{}</span>", escape(cell.note), trials, content);
  }
  return row_head ? fmt::format("<th scope=\"row\"{}>{}</th>", attributes, content)
                  : fmt::format("<td{}>{}</td>", attributes, content);
}

/// By what a column's numbers can be found and computed again: its key in the table's CSV file, and a query.
std::string address(const Column& column) {
  std::string text = fmt::format(" data-key=\"{}\"", escape(column.key));
  if (!column.query.empty())
    text += fmt::format(" data-query=\"{}\" data-statistic=\"{}\"", escape(column.query),
                        escape(column.statistic));
  return text;
}

/// The trials that most of a row's numbers came from: said once, at the row.
std::vector<std::string> trials_of_row(const std::vector<Cell>& row) {
  for (const Cell& cell : row) {
    if (!cell.trials.empty()) return cell.trials;
  }
  return {};
}

}  // namespace

std::string to_html(const Table& table) {
  const auto in_html = [](const Column& c) { return c.where != Where::kData; };
  const std::string id = "table-" + anchor(table.name);
  std::string text = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{0}\"><table{1} "
      "data-table=\"{3}\">\n<caption id=\"{0}\">{2}</caption>\n<thead><tr>",
      id,
      table.sortable && table.heat ? " class=\"sortable heat\""
      : table.sortable             ? " class=\"sortable\""
      : table.heat                 ? " class=\"heat\""
                                   : "",
      escape(table.caption), escape(table.name));
  for (const Column& column : table.columns) {
    if (!in_html(column)) continue;
    const std::string help = column.help.empty() ? "" : fmt::format(" title=\"{}\"", escape(column.help));
    text += fmt::format("<th scope=\"col\"{}{}{}>{}</th>", column.number ? " class=\"n\"" : "", help,
                        address(column), escape(heading(column)));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    const std::vector<std::string> trials = trials_of_row(row);
    text += fmt::format("<tr{}>", trials_attribute(trials));
    bool head = table.row_heads;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (!in_html(table.columns[c])) continue;
      text += html_cell(table, c, row[c], head, trials);
      head = false;
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace segbench::text
