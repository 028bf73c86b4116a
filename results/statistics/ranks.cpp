// SPDX-License-Identifier: MIT
#include "results/statistics/ranks.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "harness/core/error.h"
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

/// The fraction of the assignments of ranks to `nx` of nx + ny values whose U lies as far from nx ny / 2 as
/// `u`: the number with each U follows by adding one value at a time.
double share_of_u_as_far(std::size_t nx, std::size_t ny, double u) {
  // counts[i][s]: ways to draw i of the first values with rank sum s.
  const std::size_t all = nx + ny, most = all * (all + 1) / 2;
  std::vector<std::vector<double>> counts(nx + 1, std::vector<double>(most + 1, 0.0));
  counts[0][0] = 1;
  for (std::size_t rank = 1; rank <= all; ++rank) {
    for (std::size_t i = std::min(rank, nx); i > 0; --i) {
      for (std::size_t s = most; s >= rank; --s) counts[i][s] += counts[i - 1][s - rank];
    }
  }
  const double half = static_cast<double>(nx * ny) / 2, least = static_cast<double>(nx * (nx + 1)) / 2;
  double far = 0, total = 0;
  for (std::size_t s = 0; s <= most; ++s) {
    total += counts[nx][s];
    if (std::abs(static_cast<double>(s) - least - half) >= std::abs(u - half) - 1e-9) far += counts[nx][s];
  }
  return far / total;
}

/// Sum of t^3 - t over groups of t equal values.
double tie_cubes(std::span<const double> values) {
  std::map<double, double> sizes;
  for (const double value : values) ++sizes[value];
  double sum = 0;
  for (const auto& [value, t] : sizes) sum += t * t * t - t;
  return sum;
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

std::optional<MannWhitney> mann_whitney(std::span<const double> x, std::span<const double> y) {
  const std::optional<double> a12 = vargha_delaney_a12(x, y);
  if (!a12) return std::nullopt;
  const auto nx = static_cast<double>(x.size()), ny = static_cast<double>(y.size()), n = nx + ny;
  std::vector<double> both(x.begin(), x.end());
  both.insert(both.end(), y.begin(), y.end());
  const double ties = tie_cubes(both);
  MannWhitney test;
  test.u = *a12 * nx * ny;
  test.is_exact = ties == 0;
  if (test.is_exact) {
    test.p_two_sided = share_of_u_as_far(x.size(), y.size(), test.u);
    return test;
  }
  const double variance = nx * ny / 12 * (n + 1 - ties / (n * (n - 1)));
  if (variance <= 0) return std::nullopt;
  const double z = (test.u - nx * ny / 2) / std::sqrt(variance);
  test.p_two_sided = 2 * cdf(complement(boost::math::normal(), std::abs(z)));
  return test;
}

std::optional<double> spearman(std::span<const double> x, std::span<const double> y) {
  SEGBENCH_CHECK(x.size() == y.size(), "{} and {} values", x.size(), y.size());
  const std::vector<double> a = mid_ranks(x), b = mid_ranks(y);
  const double center = (static_cast<double>(x.size()) + 1) / 2;
  double products = 0, squares_a = 0, squares_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    products += (a[i] - center) * (b[i] - center);
    squares_a += (a[i] - center) * (a[i] - center);
    squares_b += (b[i] - center) * (b[i] - center);
  }
  if (squares_a == 0 || squares_b == 0) return std::nullopt;
  return products / std::sqrt(squares_a * squares_b);
}

std::optional<double> kendall_tau_b(std::span<const double> x, std::span<const double> y) {
  SEGBENCH_CHECK(x.size() == y.size(), "{} and {} values", x.size(), y.size());
  double agreeing = 0, untied_x = 0, untied_y = 0;
  const auto sign = [](double value) { return value > 0 ? 1.0 : value < 0 ? -1.0 : 0.0; };
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double a = sign(x[i] - x[j]), b = sign(y[i] - y[j]);
      agreeing += a * b;
      untied_x += a * a;
      untied_y += b * b;
    }
  }
  if (untied_x == 0 || untied_y == 0) return std::nullopt;
  return agreeing / std::sqrt(untied_x * untied_y);
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
