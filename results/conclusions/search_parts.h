// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "results/conclusions/search.h"

// The steps of conclude_search().

namespace segbench::conclusions {

/// What each range of `space` explains of the scores at the first rung, by the draws' axes.
std::vector<SearchParameter> explain_scores(const core::Json& space, const core::Json& variants,
                                            const SearchResult& search);

/// Of draws that are trained in full, in at most 40 steps up to their number. Those that failed count as the
/// worst of the others: they cost as much as any.
std::vector<BudgetPoint> expect_best(const SearchResult& search);

}  // namespace segbench::conclusions
