// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::reports {

/// Compares a report's model.json (`written`) with one computed anew (`recomputed`), value by value. Each
/// difference is a line that names the place by its labels: "leaderboard / small / score / mean: the report
/// says 0.4, the store gives 0.5". Numbers must agree to 1e-12 of their size.
std::vector<std::string> differences(const core::Json& written, const core::Json& recomputed);

}  // namespace segbench::reports
