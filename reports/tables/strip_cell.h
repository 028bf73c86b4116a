// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "reports/model/model.h"

namespace segbench::reports {

/// The common scale of the leaderboard's strips.
struct StripScale {
  double low = 0, high = 1;
  int digits = 2;
};
StripScale strip_scale(const ReportModel& model);

/// A small inline SVG of one variant: every trial a dot (a link to its line in the list of trials), the mean
/// a tick, the interval a line.
std::string strip_svg(const Entry& entry, const ReportModel& model, const StripScale& scale);

}  // namespace segbench::reports
