// SPDX-License-Identifier: MIT
#pragma once

#include "harness/cli/table.h"
#include "harness/study/study.h"

namespace segbench::cli {

/// What `[trials] until = "decided"` would do in simulated studies of as many variants, seeds and looks: one
/// row for each lead of the best variant over all others. Throws UserError where the study has no such rule.
Table simulation_table(const study::Study& study);

}  // namespace segbench::cli
