// SPDX-License-Identifier: MIT
#include "results/statistics/bootstrap.h"

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

std::optional<Interval> bootstrap_interval(std::span<const double> sample, core::Stream& stream,
                                           double level) {
  if (sample.size() < 2) return std::nullopt;
  return percentile_interval(bootstrap_means(sample, stream), level);
}

}  // namespace segbench::statistics
