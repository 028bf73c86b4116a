// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/store/store.h"

namespace segbench::conclusions {

/// The same predictions under every named convention (metrics::conventions()): a mean for each variant, or
/// for one trial.
struct ConventionScores {
  std::vector<std::string> columns;  ///< variants, or one trial
  /// [convention][column]; undefined outside the convention's domain.
  std::vector<std::vector<std::optional<double>>> means;
  std::size_t num_classes = 0;
  bool has_background = true;
};

/// Scores the final evaluations of `trials` on one split; `column_of` names the column of each. A mean is
/// undefined when no trial of its column has a value. Columns are sorted by the first convention, best first.
ConventionScores score_by_conventions(const store::Store& store,
                                      const std::vector<store::TrialRecord>& trials, const std::string& split,
                                      const std::function<std::string(const store::TrialRecord&)>& column_of);

/// Best column of each convention: -1 where none is defined or where the best two are equal.
std::vector<int> winners(const ConventionScores& scores);

/// Columns of each convention from best to worst, equal ones in their order; those without a mean are left
/// out.
std::vector<std::vector<int>> rankings(const ConventionScores& scores);

}  // namespace segbench::conclusions
