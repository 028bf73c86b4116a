// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace segbench::cli {

/// Whether stderr is a terminal that understands cursor movements (and is no dumb one).
bool is_live_terminal();
/// Whether to colour what is written to stderr: a live terminal, and NO_COLOR (no-color.org) is not set.
bool use_colour();
/// Columns of the terminal at stderr; 80 when unknown.
std::size_t terminal_width();

/// Columns for what is written to stdout: COLUMNS, or those of the terminal, or 80.
std::size_t output_width();
/// Lines of the terminal at stdout: LINES, or those of the terminal, or 24.
std::size_t output_height();

/// A bar of `width` characters that is filled to `fraction` (0 to 1) in eighths.
std::string bar(double fraction, std::size_t width);

}  // namespace segbench::cli
