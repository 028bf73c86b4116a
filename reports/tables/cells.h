// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/text/table.h"
#include "reports/model/model.h"

// Cells that several tables have.

namespace segbench::reports {

/// "[0.412, 0.455]", and one end of it as a number.
text::Cell interval_cell(const Quantity& summary, int digits);
text::Cell end_cell(const Quantity& summary, double Interval::*end, int digits);
/// The mean in the unit of the metric.
text::Cell metric_cell(const std::string& metric, const Quantity& summary, int digits);
/// A p value of a difference between these trials; below what is shown "< 0.0001".
text::Cell p_cell(std::optional<double> p, const std::vector<std::string>& trials);
text::Cell duration_cell(const Quantity& seconds);
text::Cell bytes_cell(const Quantity& bytes);
/// "31.0 M", with the exact count as its note.
text::Cell count_cell(std::optional<std::int64_t> count, const std::vector<std::string>& trials);
/// The first characters of an id, with the whole one as its note.
text::Cell id_cell(const std::string& id, std::size_t shown = 12);

}  // namespace segbench::reports
