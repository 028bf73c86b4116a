// SPDX-License-Identifier: MIT
#include "results/statistics/bootstrap.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "harness/core/error.h"

namespace segbench::statistics {

std::vector<double> bootstrap_means(std::span<const double> sample, core::Stream& stream,
                                    std::int64_t replicates) {
  SEGBENCH_CHECK(!sample.empty() && replicates > 0, "{} values, {} replicates", sample.size(), replicates);
  std::vector<double> means;
  means.reserve(static_cast<std::size_t>(replicates));
  for (std::int64_t r = 0; r < replicates; ++r) {
    double sum = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) sum += sample[stream.below(sample.size())];
    means.push_back(sum / static_cast<double>(sample.size()));
  }
  return means;
}

std::optional<Interval> percentile_interval(std::span<const double> replicates, double level) {
  if (replicates.empty()) return std::nullopt;
  return Interval{*quantile(replicates, (1 - level) / 2), *quantile(replicates, (1 + level) / 2)};
}

std::optional<Interval> basic_interval(std::span<const double> replicates, double estimate, double level) {
  const std::optional<Interval> percentiles = percentile_interval(replicates, level);
  if (!percentiles) return std::nullopt;
  return Interval{2 * estimate - percentiles->high, 2 * estimate - percentiles->low};
}

std::optional<BiasCorrection> bias_correction(std::span<const double> sample, double below, double equal,
                                              double level) {
  const double share = below + equal / 2;
  if (!(share > 0 && share < 1)) return std::nullopt;
  const double center = *mean(sample);
  double squares = 0, cubes = 0;  // of the jackknife means' deviations, times n - 1
  for (const double value : sample) {
    const double deviation = value - center;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  if (squares == 0) return std::nullopt;
  const boost::math::normal normal;
  BiasCorrection correction;
  correction.z0 = quantile(normal, share);
  correction.acceleration = cubes / (6 * std::pow(squares, 1.5));
  const auto adjusted = [&](double p) {
    const double z = correction.z0 + quantile(normal, p);
    return cdf(normal, correction.z0 + z / (1 - correction.acceleration * z));
  };
  correction.levels = {adjusted((1 - level) / 2), adjusted((1 + level) / 2)};
  return correction;
}

std::optional<Interval> bca_interval(std::span<const double> sample, std::span<const double> replicates,
                                     double level) {
  if (sample.empty() || replicates.empty()) return std::nullopt;
  const double center = *mean(sample);
  double below = 0, equal = 0;
  // Means that are equal on paper differ in their last bits.
  const double tolerance = 1e-14 * std::max(std::abs(center), std::abs(replicates[0]));
  for (const double replicate : replicates) {
    const bool is_equal = std::abs(replicate - center) <= tolerance;
    equal += is_equal ? 1 : 0;
    below += !is_equal && replicate < center ? 1 : 0;
  }
  const auto all = static_cast<double>(replicates.size());
  const auto correction = bias_correction(sample, below / all, equal / all, level);
  if (!correction) return std::nullopt;
  return Interval{*quantile(replicates, correction->levels.low),
                  *quantile(replicates, correction->levels.high)};
}

std::optional<Interval> bootstrap_interval(std::span<const double> sample, core::Stream& stream,
                                           double level) {
  if (sample.size() < 2) return std::nullopt;
  return percentile_interval(bootstrap_means(sample, stream), level);
}

}  // namespace segbench::statistics
