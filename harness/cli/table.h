// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

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
};

/// The table as text in one of the formats table | json | csv | md; ends with a line end.
std::string render(const Table& table, std::string_view format);

}  // namespace segbench::cli
