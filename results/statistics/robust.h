// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

// Summaries that a few outliers do not move, as of latencies (median.h has the interval of a median).
// Undefined for an empty sample.

namespace segbench::statistics {

/// The smallest value with at least the fraction `p` of the sample at or below it: a value that occurred.
std::optional<double> nearest_rank(std::span<const double> values, double p);
/// Median of the distances from the median, unscaled.
std::optional<double> median_deviation(std::span<const double> values);
/// Mean after floor(fraction n) values are dropped at each end.
std::optional<double> trimmed_mean(std::span<const double> values, double fraction = 0.1);
/// Of values above 0; undefined where one is not.
std::optional<double> geometric_mean(std::span<const double> values);

}  // namespace segbench::statistics
