// SPDX-License-Identifier: MIT
#pragma once

#include "harness/cli/table.h"
#include "results/conclusions/conventions.h"

namespace segbench::cli {

/// One row a convention. `explain` adds what it computes and who computes it so.
Table convention_table(const conclusions::ConventionScores& scores, bool explain);

}  // namespace segbench::cli
