// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/table.h"
#include "results/store/store.h"

namespace segbench::cli {

/// The same predictions under every named convention (metrics::conventions()): a mean for each column of a
/// table.
struct ConventionTable {
  std::vector<std::string> columns;  ///< variants, or one trial
  std::vector<std::vector<std::optional<double>>>
      means;  ///< [convention][column]; undefined outside its domain
  std::size_t num_classes = 0;
  bool has_background = true;
};

/// Scores the final evaluations of `trials` on one split; `column_of` names the column of each. A mean is
/// undefined when no trial of its column has a value. Columns are sorted by the first convention, best first.
ConventionTable score_by_conventions(const store::Store& store, const std::vector<store::TrialRecord>& trials,
                                     const std::string& split,
                                     const std::function<std::string(const store::TrialRecord&)>& column_of);

/// Best column of each convention: -1 where none is defined or where the best two are equal.
std::vector<int> winners(const ConventionTable& scores);

/// One row a convention. `explain` adds what it computes and who computes it so.
Table convention_table(const ConventionTable& scores, bool explain);

}  // namespace segbench::cli
