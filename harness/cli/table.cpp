// SPDX-License-Identifier: MIT
#include "harness/cli/table.h"

#include "harness/core/error.h"

namespace segbench::cli {

std::string render(const Table& table, std::string_view format, std::size_t width) {
  if (format == "json") return text::to_json_text(table);
  if (format == "jsonl") return text::to_json_lines(table);
  if (format == "csv") return text::to_csv(table);
  if (format == "md") return text::to_markdown(table);
  SEGBENCH_CHECK(format == "table", "unknown format {}", format);
  return text::to_text(table, width);
}

}  // namespace segbench::cli
