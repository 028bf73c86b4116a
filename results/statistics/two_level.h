// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/core/random.h"
#include "results/statistics/summary.h"

// A mean over seeds and images at once. Both are samples: other seeds and other images would have given other
// numbers. Values [seed][image] follow value = mean + seed + image + residual, every seed with every image.

namespace segbench::statistics {

using SeedsByImages = std::vector<std::vector<double>>;

/// Variances of the parts of one value (Searle, Casella and McCulloch, "Variance Components", 1992: the
/// two-way crossed model by analysis of variance); what is estimated below 0 is 0.
struct VarianceSplit {
  double seed = 0, image = 0, residual = 0;
  double of_mean = 0;  ///< of the mean of all: seed / S + image / I + residual / (S I)
  double df = 0;       ///< of that, by Satterthwaite (1946)
};
/// Undefined below two seeds or images.
std::optional<VarianceSplit> split_variance(const SeedsByImages& values);

/// Means of resamples of several tables over the same seeds and images [table][replicate]: seeds are drawn
/// with replacement, and images are, the same for every seed and table, so that values stay paired. Owen,
/// "The pigeonhole bootstrap", Annals of Applied Statistics 1 (2007). Throws core::InternalError for tables
/// of different sizes.
std::vector<std::vector<double>> two_level_means(std::span<const SeedsByImages> tables, core::Stream& stream,
                                                 std::int64_t replicates);

struct TwoLevel {
  double mean = 0;
  VarianceSplit variance;
  Interval interval;
};
/// The mean with an interval from `replicates` resamples. Few seeds make resamples spread too little and
/// their percentiles too narrow (Hesterberg, "What Teachers Should Know about the Bootstrap", 2015), so the
/// deviations of the percentiles from the mean are stretched to the standard error of the variance split and
/// to Student's t of its degrees of freedom; at levels so high that resamples do not tell the percentiles,
/// the ends are those of Student's t alone. Undefined below two seeds or images, and without spread.
std::optional<TwoLevel> two_level(const SeedsByImages& values, core::Stream& stream, double level = 0.95,
                                  std::int64_t replicates = 10'000);
/// Of several tables over the same seeds and images, with the same resamples.
std::vector<std::optional<TwoLevel>> two_level(std::span<const SeedsByImages> tables, core::Stream& stream,
                                               double level = 0.95, std::int64_t replicates = 10'000);

}  // namespace segbench::statistics
