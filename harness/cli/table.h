// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/terminal.h"
#include "harness/core/json.h"

namespace segbench::cli {

/// A table as data: what --format table|json|csv|md print. A null cell is an undefined value: "–" in text,
/// null in JSON, empty in CSV. `digits` is for numbers that are not integers (text and Markdown only).
struct Column {
  std::string name;  ///< key in JSON and CSV, heading otherwise
  int digits = 4;
  bool right = false;  ///< right-aligned in text
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<core::Json>> rows;
  std::size_t keys = 1;  ///< the first columns, which name a row: repeated where a table goes on below
};

/// The table as text in one of the formats table | json | csv | md; ends with a line end. As `table` it is at
/// most `width` columns wide (output_width() where none is given): long texts are shortened in the middle,
/// and columns that do not fit go on below, beside the first column. The other formats are always whole.
std::string render(const Table& table, std::string_view format, std::size_t width = output_width());

}  // namespace segbench::cli
