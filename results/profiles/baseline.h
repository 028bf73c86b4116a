// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "results/profiles/conclude.h"

namespace segbench::profiles {

/// How a row stands to the same row of an earlier profile.
enum class Gate { kHolds, kSlower, kUndecided };
/// "holds", "slower", "undecided".
std::string_view to_string(Gate gate);

struct GateRow {
  std::string label;
  Gate gate = Gate::kUndecided;
  std::optional<double> ratio = {};  ///< now / then, of the geometric means of rounds
  std::optional<statistics::Interval> interval = {};
  std::string why = {};  ///< where there is no ratio
};

/// Why times of two profiles are not comparable: another session, host, processor or number of CPUs; empty
/// when they are of one session.
std::vector<std::string> why_not_comparable(const ProfileResults& now, const core::Json& baseline);

/// Each row of `baseline` (what to_json() wrote) against the same row now. Slower where the ratio's interval
/// lies above 1 + tolerance, holds where it lies below, undecided otherwise, and where a row is gone or
/// failed: slower. Intervals are Welch's on the logarithms of the rounds' medians, all rows together at 95 %
/// (Bonferroni). Throws core::UserError for what is no profile, and for one without a measured row.
std::vector<GateRow> compare_with_baseline(const ProfileResults& now, const core::Json& baseline,
                                           double tolerance);

}  // namespace segbench::profiles
