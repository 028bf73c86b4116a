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

/// Percentile interval of the mean; undefined below two values.
std::optional<Interval> bootstrap_interval(std::span<const double> sample, core::Stream& stream,
                                           double level = 0.95);

}  // namespace segbench::statistics
