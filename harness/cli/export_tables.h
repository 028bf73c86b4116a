// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/cli/table.h"
#include "results/store/store.h"

namespace segbench::cli {

/// Names of the tables that `segbench export` writes.
std::vector<std::string> export_table_names();

/// One of them, for all trials of a study:
///   trials       one row a trial: identity, status, sizes, times, weights
///   epochs       one row an epoch
///   evaluations  one row an evaluation, with the scores that follow from its counts
///   counts       one row a class of an evaluation: TP, FP, FN pooled over the images
///   images       one row a class of an image of a final evaluation; classes without any count are left out
///   measures     one row a measure of a final evaluation that no count tells (core/measures.h)
Table export_table(const store::Store& store, const std::string& study, const std::string& name);

}  // namespace segbench::cli
