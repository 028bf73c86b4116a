// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "results/statistics/summary.h"

namespace segbench::statistics {

/// The interval of a median between order statistics, free of any distribution (Thompson 1936; Hollander and
/// Wolfe, "Nonparametric Statistical Methods", 3.6): from the k-th smallest to the k-th largest value, where
/// k is the largest with P(Binomial(n, 1/2) < k) <= (1 - level) / 2. Undefined where there is no such k: at
/// 95 % below six values.
std::optional<Interval> median_interval(std::span<const double> values, double level = 0.95);

/// A quantile that the sample is large enough for: at least `beyond` of its values are expected on the far
/// side, n min(p, 1 - p) >= beyond; undefined otherwise.
std::optional<double> supported_quantile(std::span<const double> values, double p, double beyond = 5);

/// Kendall's S of a series against its order (pairs that rise minus pairs that fall), as a deviation from
/// what no trend gives: z = S / sqrt(n (n - 1) (2 n + 5) / 18), moved towards zero by one pair (Mann 1945,
/// Kendall 1975; ties count nothing). Undefined below four values.
std::optional<double> mann_kendall(std::span<const double> series);

}  // namespace segbench::statistics
