// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace segbench::text {

/// A cell. Numbers keep their full value beside what is shown and name the trials they came from.
struct Cell {
  std::string text;             ///< what is shown; kUndefined for an undefined number
  std::optional<double> value;  ///< what CSV gets in place of the text
  std::vector<std::string> trials;
  std::string note;    ///< shown as a tooltip: why a number is undefined, the exact value, …
  std::string markup;  ///< HTML in place of the text; already escaped
  std::string style;   ///< inline CSS
  bool is_number = false;
};

Cell text_cell(std::string text);
Cell markup_cell(std::string text, std::string markup);
/// A number shown with `digits` decimals.
Cell number_cell(std::optional<double> value, int digits, const std::vector<std::string>& trials = {},
                 const std::string& why_undefined = "");
/// A number shown as `text`.
Cell number_cell(std::optional<double> value, std::string text, const std::vector<std::string>& trials = {},
                 const std::string& why_undefined = "");
Cell integer_cell(std::optional<std::int64_t> value, const std::vector<std::string>& trials = {},
                  const std::string& why_undefined = "");

enum class Where { kEverywhere, kShown, kCsv, kHtml };  ///< kShown: HTML, Markdown, LaTeX; kCsv: CSV only

struct Column {
  std::string key;      ///< heading in CSV
  std::string title;    ///< heading elsewhere
  bool number = false;  ///< right-aligned
  Where where = Where::kEverywhere;
  std::string help = "";  ///< tooltip of the heading
  bool wrap = false;      ///< holds sentences: breaks lines in HTML
};

struct Table {
  std::string name;  ///< stem of the files in tables/
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  bool row_heads = true;  ///< the first shown column names the row
  bool sortable = false;
  bool heat = false;  ///< a heat map: cells are centred
};

/// RFC 4180, full precision; an undefined number is an empty cell.
std::string to_csv(const Table& table);
/// A GitHub-flavoured Markdown table with its caption above.
std::string to_markdown(const Table& table);
/// A LaTeX `table` with booktabs rules; every special character is escaped.
std::string to_latex(const Table& table);
/// A scrolling box around a real table: caption, heading cells with scope. Numbers are <data> elements.
std::string to_html(const Table& table);

}  // namespace segbench::text
