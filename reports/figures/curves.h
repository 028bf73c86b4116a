// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/figures/figure.h"

namespace segbench::reports {

/// Curves over the epochs: few in one frame, many each in a frame of its own. Nothing when there is none.
std::optional<Plot> draw_curves(const ReportModel& model, const std::string& name,
                                const std::vector<Curve>& curves, const std::string& axis_title);

}  // namespace segbench::reports
