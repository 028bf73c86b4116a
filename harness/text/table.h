// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/core/json.h"

// The one table, of commands and reports: made once, written in every form.

namespace segbench::text {

/// A cell. It keeps its full value beside what is shown, and names the trials that it came from.
struct Cell {
  Cell() = default;
  /// A text, a number, or null for an undefined value.
  template <typename Value>
  requires(!std::same_as<std::remove_cvref_t<Value>, Cell> && std::constructible_from<core::Json, Value>)
      Cell(Value&& given)
      : value(std::forward<Value>(given)) {}  // NOLINT(google-explicit-constructor)

  core::Json value;  ///< what CSV and JSON get
  std::string text;  ///< shown in its place; "": the value itself, numbers with the column's digits
  std::vector<std::string> trials;
  std::string note;        ///< shown as a tooltip: why a number is undefined, the exact value, …
  std::string markup;      ///< HTML in place of the text; already escaped
  std::string style;       ///< inline CSS
  bool is_number = false;  ///< right-aligned, whatever its column is
};

Cell markup_cell(std::string text, std::string markup);
/// A number shown as `text`.
Cell number_cell(std::optional<double> value, std::string text, const std::vector<std::string>& trials = {},
                 const std::string& why_undefined = "");
/// A number shown with `digits` decimals.
Cell number_cell(std::optional<double> value, int digits, const std::vector<std::string>& trials = {},
                 const std::string& why_undefined = "");
Cell integer_cell(std::optional<std::int64_t> value, const std::vector<std::string>& trials = {},
                  const std::string& why_undefined = "");

/// kShown: for people (text, Markdown, LaTeX, HTML); kData: CSV and JSON only.
enum class Where { kEverywhere, kShown, kData, kHtml };

struct Column {
  std::string key;      ///< heading in CSV and JSON
  std::string title{};  ///< heading elsewhere; "": the key
  bool number = false;  ///< right-aligned
  Where where = Where::kEverywhere;
  std::string help{};  ///< tooltip of the heading
  bool wrap = false;   ///< holds sentences: breaks lines in HTML
  int digits = 4;      ///< of numbers that are not integers and bring no text
  /// SQL that gives the values that the column's numbers follow from, a row a trial: ":trials" stands for the
  /// trials of a number, in quotes and with commas.
  std::string query{};
  std::string statistic{};  ///< what a number is of those values: "mean", "95% t interval of the mean", …
};
/// A right-aligned column whose heading is its key.
Column number_column(std::string key, int digits = 4);

struct Table {
  std::string name{};  ///< of its files and, in HTML, of its element
  std::string caption{};
  std::vector<Column> columns{};
  std::vector<std::vector<Cell>> rows{};
  std::size_t keys = 1;   ///< the first columns, which name a row: repeated where a table goes on below
  bool row_heads = true;  ///< HTML: the first shown column names the row
  bool sortable = false;  ///< HTML
  bool heat = false;      ///< HTML: a heat map, whose cells are centred
};

/// What people see of a cell; an undefined value is kUndefined.
std::string shown(const Cell& cell, const Column& column);
/// The heading that people see.
const std::string& heading(const Column& column);
bool is_shown(const Column& column);
bool is_data(const Column& column);

/// Text for a terminal, at most `columns` wide: long texts are shortened in the middle, and columns that do
/// not fit go on below, beside the first ones. Ends with a line end, as all forms do.
std::string to_text(const Table& table, std::size_t columns);
/// RFC 4180, one line a row, full precision; an undefined value is an empty cell.
std::string to_csv(const Table& table);
/// An array with an object a row; an undefined value is null.
std::string to_json_text(const Table& table);
/// The same objects, one on each line: JSON Lines.
std::string to_json_lines(const Table& table);
/// A GitHub-flavoured Markdown table, with its caption above.
std::string to_markdown(const Table& table);
/// A LaTeX `table` with booktabs rules; every special character is escaped.
std::string to_latex(const Table& table);
/// A scrolling box around a real table: caption, heading cells with scope. Numbers are <data> elements.
std::string to_html(const Table& table);

}  // namespace segbench::text
