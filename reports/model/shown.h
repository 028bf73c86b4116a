// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "reports/model/model.h"

namespace segbench::reports {

/// Draws of a search that a page shows; the rest stands in the tables' files and in model.json.
inline constexpr std::size_t kMostDrawsShown = 20;

/// Variants that a page shows, and beyond which number of trials only theirs are listed there.
inline constexpr std::size_t kMostVariantsShown = 100, kMostTrialsShown = 1'000;

/// What pages and figures show of a model: of a search with many draws the first ones of the leaderboard, the
/// chosen one, and all variants beside the draws; of any study no more than kMostVariantsShown, besides those
/// that claims and published numbers are about. `more_variants` counts those that are left out.
ReportModel shown_part(const ReportModel& model);

/// " 31 more are in tables/NAME.csv.", or nothing where all are shown.
std::string more_text(const ReportModel& model, const std::string& table);

}  // namespace segbench::reports
