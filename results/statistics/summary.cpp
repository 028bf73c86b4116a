// SPDX-License-Identifier: MIT
#include "results/statistics/summary.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "harness/core/error.h"

namespace segbench::statistics {
namespace {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> ascending(values.begin(), values.end());
  std::sort(ascending.begin(), ascending.end());
  return ascending;
}

double quantile_of_sorted(const std::vector<double>& ascending, double p) {
  const double position = p * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending[below], ascending[above], position - static_cast<double>(below));
}

/// Of Student's t. A study asks the same few ones tens of thousands of times, and each takes microseconds.
double t_quantile(double df, double p) {
  thread_local std::map<std::pair<double, double>, double> known;
  const auto [found, is_new] = known.try_emplace({df, p});
  if (is_new) found->second = quantile(boost::math::students_t(df), p);
  return found->second;
}

}  // namespace

std::optional<double> mean(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::optional<double> standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const auto is_first = [&](double value) { return value == values.front(); };
  if (std::all_of(values.begin(), values.end(), is_first)) return 0;  // their mean may be off in its last bit
  const double center = *mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - center) * (value - center);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::optional<double> quantile(std::span<const double> values, double p) {
  SEGBENCH_CHECK(p >= 0 && p <= 1, "quantile {}", p);
  if (values.empty()) return std::nullopt;
  return quantile_of_sorted(sorted(values), p);
}

std::optional<double> interquartile_mean(std::span<const double> values) {
  const std::vector<double> ascending = sorted(values);
  const std::size_t dropped = ascending.size() / 4;
  return mean(std::span(ascending).subspan(dropped, ascending.size() - 2 * dropped));
}

std::optional<Interval> t_interval(std::span<const double> values, double level) {
  SEGBENCH_CHECK(level > 0 && level < 1, "level {}", level);
  if (values.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(values.size());
  const double t = t_quantile(n - 1, (1 + level) / 2);
  const double center = *mean(values), half = t * *standard_deviation(values) / std::sqrt(n);
  return Interval{center - half, center + half};
}

Summary summarise(std::span<const double> values) {
  Summary summary;
  summary.n = static_cast<std::int64_t>(values.size());
  if (values.empty()) return summary;
  const std::vector<double> ascending = sorted(values);
  summary.mean = mean(values);
  summary.median = quantile_of_sorted(ascending, 0.5);
  summary.minimum = ascending.front();
  summary.maximum = ascending.back();
  summary.q25 = quantile_of_sorted(ascending, 0.25);
  summary.q75 = quantile_of_sorted(ascending, 0.75);
  summary.iqm = interquartile_mean(values);
  summary.sd = standard_deviation(values);
  if (summary.sd) summary.sem = *summary.sd / std::sqrt(static_cast<double>(values.size()));
  summary.interval = t_interval(values);
  return summary;
}

}  // namespace segbench::statistics
