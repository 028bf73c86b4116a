// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/cli/terminal.h"
#include "harness/text/table.h"

namespace segbench::cli {

using text::Cell, text::Table, text::number_column;

/// The table in one of the formats that --format knows: table | json | csv | md. As `table` it is at most
/// `width` columns wide; the other formats are always whole.
std::string render(const Table& table, std::string_view format, std::size_t width = output_width());

}  // namespace segbench::cli
