// SPDX-License-Identifier: MIT
#include "results/statistics/robust.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/core/error.h"
#include "results/statistics/summary.h"

namespace segbench::statistics {
namespace {

std::vector<double> in_order(std::span<const double> values) {
  std::vector<double> sorted_values(values.begin(), values.end());
  std::sort(sorted_values.begin(), sorted_values.end());
  return sorted_values;
}

}  // namespace

std::optional<double> nearest_rank(std::span<const double> values, double p) {
  SEGBENCH_CHECK(p >= 0 && p <= 1, "quantile {}", p);
  if (values.empty()) return std::nullopt;
  const double rank = std::ceil(p * static_cast<double>(values.size()) - 1e-9);
  return in_order(values)[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::optional<double> median_deviation(std::span<const double> values) {
  const std::optional<double> median = quantile(values, 0.5);
  if (!median) return std::nullopt;
  std::vector<double> distances;
  for (const double value : values) distances.push_back(std::abs(value - *median));
  return quantile(distances, 0.5);
}

std::optional<double> trimmed_mean(std::span<const double> values, double fraction) {
  SEGBENCH_CHECK(fraction >= 0 && fraction < 0.5, "{} at each end", fraction);
  const std::vector<double> ascending_values = in_order(values);
  const auto dropped = static_cast<std::size_t>(fraction * static_cast<double>(values.size()));
  return mean(std::span(ascending_values).subspan(dropped, values.size() - 2 * dropped));
}

std::optional<double> geometric_mean(std::span<const double> values) {
  std::vector<double> logs;
  for (const double value : values) {
    if (!(value > 0)) return std::nullopt;
    logs.push_back(std::log(value));
  }
  const std::optional<double> center = mean(logs);
  if (!center) return std::nullopt;
  return std::exp(*center);
}

}  // namespace segbench::statistics
