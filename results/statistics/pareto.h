// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace segbench::statistics {

/// What something costs (less is better) and what it scores (more is better).
struct CostScore {
  double cost = 0, score = 0;
};

/// Indices of the points that no other one beats: none costs no more and scores no less, and one of the two
/// strictly. Equal points all stay. By cost, then by index.
std::vector<std::size_t> pareto_front(const std::vector<CostScore>& points);

/// Area between the front and a reference that every point beats in both.
double hypervolume(const std::vector<CostScore>& points, const CostScore& reference);

}  // namespace segbench::statistics
