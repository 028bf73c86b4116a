// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/cli/table.h"
#include "results/conclusions/sensitivity.h"

namespace segbench::cli {

/// What `segbench compare --tests` prints: every variant against the leader by tests that assume other
/// things.
Table sensitivity_table(const conclusions::Conclusions& model,
                        const std::vector<conclusions::Sensitivity>& lines);

/// Whether what differs does so by every test, in a sentence each; and whether the selection split ranks
/// alike.
std::vector<std::string> sensitivity_lines(const conclusions::Conclusions& model,
                                           const std::vector<conclusions::Sensitivity>& lines);

}  // namespace segbench::cli
