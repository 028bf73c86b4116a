// SPDX-License-Identifier: MIT
#pragma once

#include "harness/cli/table.h"
#include "results/conclusions/conclusions.h"

namespace segbench::cli {

/// Every published number with ours in its place: by the metric, by the convention and by the variants that
/// the experiment file names as causes of a difference; and what follows, in the first row of each.
Table replication_table(const conclusions::Conclusions& model);

}  // namespace segbench::cli
