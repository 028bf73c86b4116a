// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

#include "results/statistics/summary.h"

namespace segbench::statistics {

/// The difference of two means, x minus y, with Welch's interval (1947): unequal variances, Satterthwaite's
/// degrees of freedom. Undefined where a sample has fewer than two values or both have no spread.
struct MeanDifference {
  double difference = 0, df = 0;
  Interval interval;
};
std::optional<MeanDifference> welch(std::span<const double> x, std::span<const double> y,
                                    double level = 0.95);

}  // namespace segbench::statistics
