// SPDX-License-Identifier: MIT
#include "results/statistics/main_effect.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "harness/core/error.h"
#include "harness/core/random.h"

namespace segbench::statistics {
namespace {

/// Sums of each group: all that the share follows from, also when a draw is left out.
struct Sums {
  std::vector<double> n, sum;
  double total = 0, squares = 0, count = 0;

  Sums(std::span<const std::size_t> group, std::span<const double> scores)
      : n(1 + *std::max_element(group.begin(), group.end())), sum(n.size()) {
    for (std::size_t i = 0; i < scores.size(); ++i) add(group[i], scores[i], 1);
  }
  void add(std::size_t group, double score, double sign) {
    n[group] += sign, sum[group] += sign * score;
    total += sign * score, squares += sign * score * score, count += sign;
  }
  /// Epsilon squared; may be negative.
  std::optional<double> share() const {
    double between = 0, groups = 0;
    for (std::size_t g = 0; g < n.size(); ++g) {
      if (n[g] < 0.5) continue;
      between += sum[g] * sum[g] / n[g];
      ++groups;
    }
    const double spread = squares - total * total / count, within = squares - between;
    if (groups < 2 || count <= groups || spread <= 1e-12 * squares) return std::nullopt;
    return 1 - (count - 1) / (count - groups) * std::max(0.0, within) / spread;
  }
};

/// Scores around their mean, so that squares lose no digits.
std::vector<double> centred(std::span<const double> scores) {
  std::vector<double> values(scores.begin(), scores.end());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (double& value : values) value -= mean;
  return values;
}

std::optional<double> jackknife_error(std::span<const std::size_t> group, std::span<const double> scores) {
  Sums sums(group, scores);
  std::vector<double> left_out;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    sums.add(group[i], scores[i], -1);
    if (const auto share = sums.share()) left_out.push_back(*share);
    sums.add(group[i], scores[i], 1);
  }
  const std::optional<double> sd = standard_deviation(left_out);
  if (left_out.size() < scores.size() || !sd) return std::nullopt;
  const auto n = static_cast<double>(left_out.size());
  return *sd * (n - 1) / std::sqrt(n);
}

}  // namespace

std::vector<std::size_t> equal_groups(std::span<const double> values, std::size_t groups) {
  SEGBENCH_CHECK(groups >= 1, "{} groups", groups);
  std::vector<double> ascending(values.begin(), values.end());
  std::sort(ascending.begin(), ascending.end());
  std::vector<double> lowest;  // of each group but the first
  for (std::size_t g = 1; g < groups; ++g) {
    const std::size_t at = g * ascending.size() / groups;
    if (at == 0 || at >= ascending.size() || ascending[at] == ascending.front()) continue;
    if (lowest.empty() || ascending[at] > lowest.back()) lowest.push_back(ascending[at]);
  }
  std::vector<std::size_t> group;
  for (const double value : values)
    group.push_back(
        static_cast<std::size_t>(std::upper_bound(lowest.begin(), lowest.end(), value) - lowest.begin()));
  return group;
}

std::size_t group_count(std::size_t draws) {
  return std::clamp<std::size_t>(draws / 6, 2, 5);
}

std::optional<MainEffect> main_effect(std::span<const std::size_t> group, std::span<const double> scores,
                                      std::size_t shuffles, std::uint64_t seed) {
  SEGBENCH_CHECK(group.size() == scores.size(), "{} groups of {} scores", group.size(), scores.size());
  if (scores.empty()) return std::nullopt;
  std::vector<double> values = centred(scores);
  const std::optional<double> share = Sums(group, values).share();
  const std::optional<double> error = jackknife_error(group, values);
  if (!share || !error) return std::nullopt;
  const boost::math::students_t distribution(static_cast<double>(scores.size() - 1));
  const double reach = boost::math::quantile(distribution, 0.975) * *error;
  MainEffect effect{.share = std::max(0.0, *share),
                    .interval = {std::clamp(*share - reach, 0.0, 1.0), std::clamp(*share + reach, 0.0, 1.0)},
                    .p = 1};
  core::Stream stream(seed, core::Purpose::kBootstrap, "main effect", 0, scores.size());
  std::size_t hits = 0;
  for (std::size_t i = 0; i < shuffles; ++i) {
    stream.shuffle(std::span(values));
    hits += Sums(group, values).share().value_or(0) >= *share - 1e-12 ? 1 : 0;
  }
  effect.p = static_cast<double>(1 + hits) / static_cast<double>(1 + shuffles);
  return effect;
}

}  // namespace segbench::statistics
