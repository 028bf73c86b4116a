// SPDX-License-Identifier: MIT
#pragma once

#include "harness/cli/table.h"
#include "results/conclusions/conclusions.h"

namespace segbench::cli {

/// How many seeds would find a difference of this size between two variants, from how much their paired
/// differences vary so far: one row a variant against the leader, by a paired t test at 5 % with a power of
/// 80 %.
Table detection_table(const conclusions::Conclusions& model, double difference);

}  // namespace segbench::cli
