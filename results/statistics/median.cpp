// SPDX-License-Identifier: MIT
#include "results/statistics/median.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

namespace segbench::statistics {

std::optional<Interval> median_interval(std::span<const double> values, double level) {
  const std::size_t n = values.size();
  if (n == 0) return std::nullopt;
  const boost::math::binomial below(static_cast<double>(n), 0.5);
  std::size_t k = 0;
  while (k < n / 2 && cdf(below, static_cast<double>(k)) <= (1 - level) / 2) ++k;
  if (k == 0) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return Interval{sorted[k - 1], sorted[n - k]};
}

std::optional<double> supported_quantile(std::span<const double> values, double p, double beyond) {
  const double far_side = static_cast<double>(values.size()) * std::min(p, 1 - p);
  return far_side + 1e-9 < beyond ? std::nullopt : quantile(values, p);
}

std::optional<double> mann_kendall(std::span<const double> series) {
  if (series.size() < 4) return std::nullopt;
  const auto n = static_cast<double>(series.size());
  double s = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = i + 1; j < series.size(); ++j)
      s += (series[j] > series[i]) - (series[j] < series[i]);
  }
  const double nearer = s > 0 ? s - 1 : s < 0 ? s + 1 : 0;
  return nearer / std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
}

}  // namespace segbench::statistics
