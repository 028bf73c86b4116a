// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "harness/text/table.h"

namespace segbench::text {

/// What people see of a table, as text in columns of equal width.
struct TextGrid {
  std::vector<std::string> headings;
  std::vector<bool> right;                        ///< which columns are right-aligned
  std::vector<std::vector<std::string>> columns;  ///< [column][row]

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  /// Columns of the terminal that one takes, and all of them with the gaps between.
  std::size_t width_of(std::size_t column) const;
  std::size_t width() const;
  static constexpr std::size_t kGap = 2;
};

/// The shown cells of a table; `form` makes each one fit to stand in its cell.
TextGrid text_grid(const Table& table, const std::function<std::string(std::string)>& form);

}  // namespace segbench::text
