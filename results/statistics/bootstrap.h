// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/core/random.h"
#include "results/statistics/summary.h"

namespace segbench::statistics {

inline constexpr std::int64_t kReplicates = 10'000;

/// Means of `replicates` resamples with replacement, each of the sample's size. The stream is the caller's:
/// core::Stream(seed, core::Purpose::kBootstrap).
std::vector<double> bootstrap_means(std::span<const double> sample, core::Stream& stream,
                                    std::int64_t replicates = kReplicates);

/// The middle `level` of the replicates, by quantile(): Efron's percentile interval.
std::optional<Interval> percentile_interval(std::span<const double> replicates, double level = 0.95);

/// 2 `estimate` - percentiles: the basic, or reverse percentile, interval.
std::optional<Interval> basic_interval(std::span<const double> replicates, double estimate,
                                       double level = 0.95);

/// How far a distribution of replicates is off its estimate (z0), and how its spread changes with the true
/// value (acceleration, from the jackknife): Efron, "Better Bootstrap Confidence Intervals", 1987. `levels`
/// are the quantiles of the replicates at which the interval ends.
struct BiasCorrection {
  double z0 = 0, acceleration = 0;
  Interval levels;
};
/// Of the mean of `sample`. `below` and `equal` are the fractions of the replicates that lie below and at the
/// mean. Undefined where all lie on one side, and where all values are equal.
std::optional<BiasCorrection> bias_correction(std::span<const double> sample, double below, double equal,
                                              double level = 0.95);
/// Bias-corrected and accelerated interval of the mean from its replicates; undefined as above.
std::optional<Interval> bca_interval(std::span<const double> sample, std::span<const double> replicates,
                                     double level = 0.95);

/// Percentile interval of the mean; undefined below two values.
std::optional<Interval> bootstrap_interval(std::span<const double> sample, core::Stream& stream,
                                           double level = 0.95);

}  // namespace segbench::statistics
