// SPDX-License-Identifier: MIT
#include "results/statistics/ranks.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "results/statistics/summary.h"

namespace segbench::statistics {
namespace {

constexpr std::size_t kMostSigned = 1'000;

/// The fraction of the sign assignments of `doubled` ranks (integers: mid-ranks times two) whose sum of
/// positive ones lies at least `distance` from half of all, by counting how many give each sum.
double share_as_far(const std::vector<std::size_t>& doubled, std::int64_t distance) {
  const std::size_t all = std::accumulate(doubled.begin(), doubled.end(), std::size_t{0});
  std::vector<double> share(all + 1, 0.0);
  share[0] = 1;
  std::size_t reached = 0;
  for (const std::size_t rank : doubled) {
    reached += rank;
    for (std::size_t sum = reached + 1; sum-- > 0;)
      share[sum] = (share[sum] + (sum >= rank ? share[sum - rank] : 0.0)) / 2;
  }
  double found = 0;
  for (std::size_t sum = 0; sum <= all; ++sum) {
    const std::int64_t off = 2 * static_cast<std::int64_t>(sum) - static_cast<std::int64_t>(all);
    if (std::abs(off) >= distance) found += share[sum];
  }
  return std::min(found, 1.0);
}

}  // namespace

std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + 1 + end) / 2;
  }
  return ranks;
}

std::optional<Wilcoxon> wilcoxon(std::span<const double> differences) {
  std::vector<double> kept, sizes;
  for (const double difference : differences) {
    const double rounded = std::round(difference * 1e12) / 1e12;
    if (rounded == 0) continue;
    kept.push_back(rounded);
    sizes.push_back(std::abs(rounded));
  }
  if (kept.empty() || kept.size() > kMostSigned) return std::nullopt;
  const std::vector<double> ranks = mid_ranks(sizes);
  Wilcoxon test;
  test.n_nonzero = static_cast<std::int64_t>(kept.size());
  std::vector<std::size_t> doubled;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    (kept[i] > 0 ? test.w_plus : test.w_minus) += ranks[i];
    doubled.push_back(static_cast<std::size_t>(std::llround(2 * ranks[i])));
  }
  test.p_two_sided = share_as_far(doubled, std::llround(2 * std::abs(test.w_plus - test.w_minus)));
  return test;
}

std::optional<double> vargha_delaney_a12(std::span<const double> x, std::span<const double> y) {
  if (x.empty() || y.empty()) return std::nullopt;
  std::int64_t twice = 0;
  for (const double a : x) {
    for (const double b : y) twice += a > b ? 2 : a == b ? 1 : 0;
  }
  return static_cast<double>(twice) / 2 / static_cast<double>(x.size() * y.size());
}

std::optional<double> cliffs_delta(std::span<const double> x, std::span<const double> y) {
  const std::optional<double> a12 = vargha_delaney_a12(x, y);
  if (!a12) return std::nullopt;
  return 2 * *a12 - 1;
}

std::optional<Welch> welch_t(std::span<const double> x, std::span<const double> y) {
  const std::optional<double> sd_x = standard_deviation(x), sd_y = standard_deviation(y);
  if (!sd_x || !sd_y || *sd_x + *sd_y == 0) return std::nullopt;
  const auto nx = static_cast<double>(x.size()), ny = static_cast<double>(y.size());
  const double vx = *sd_x * *sd_x / nx, vy = *sd_y * *sd_y / ny;
  Welch test;
  test.t = (*mean(x) - *mean(y)) / std::sqrt(vx + vy);
  test.df = (vx + vy) * (vx + vy) / (vx * vx / (nx - 1) + vy * vy / (ny - 1));
  test.p_two_sided = 2 * cdf(complement(boost::math::students_t(test.df), std::abs(test.t)));
  return test;
}

}  // namespace segbench::statistics
