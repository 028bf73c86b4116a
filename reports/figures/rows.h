// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/figures/figure.h"

namespace segbench::reports {

/// A row of dots: one summary under a label.
struct DotRow {
  std::string label;
  const Quantity* summary = nullptr;
  std::vector<std::uint64_t> seeds;
};

/// Rows of dots with their means and intervals, below each other on one axis; `with_zero` draws a line at 0.
Plot draw_rows(const ReportModel& model, const std::string& name, const std::vector<DotRow>& rows,
               const std::string& axis_title, bool with_zero);

}  // namespace segbench::reports
