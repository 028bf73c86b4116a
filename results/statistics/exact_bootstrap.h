// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "results/statistics/summary.h"

namespace segbench::statistics {

/// Samples of at most this many values are enumerated: 92,378 different resamples.
inline constexpr std::size_t kMostEnumerated = 10;

/// The bootstrap distribution of the mean itself, not drawn: all n^n resamples, by how often each value is
/// drawn. Distinct means ascend.
struct ExactMeans {
  std::vector<double> means, probabilities;
};
/// Undefined for no value and for more than kMostEnumerated.
std::optional<ExactMeans> exact_bootstrap_means(std::span<const double> sample);

/// The smallest mean with a cumulative probability of at least `p`.
double exact_quantile(const ExactMeans& distribution, double p);
double exact_sd(const ExactMeans& distribution);
/// Percentile and bias-corrected and accelerated intervals; undefined as those of bootstrap.h.
Interval exact_percentile_interval(const ExactMeans& distribution, double level = 0.95);
std::optional<Interval> exact_bca_interval(std::span<const double> sample, const ExactMeans& distribution,
                                           double level = 0.95);

}  // namespace segbench::statistics
