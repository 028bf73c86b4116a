// SPDX-License-Identifier: MIT
#include "results/statistics/friedman.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>

#include "harness/core/error.h"
#include "results/statistics/ranks.h"

namespace segbench::statistics {
namespace {

/// P(range of k standard normal values <= q) = k * integral of phi(z) (Phi(z) - Phi(z - q))^(k - 1), by
/// Simpson's rule, whose error on this smooth integrand lies far below 1e-10.
double studentized_range(double q, std::size_t k) {
  if (q <= 0) return 0;
  constexpr int kSteps = 4'000;
  const double low = -9, high = 9 + q, width = (high - low) / kSteps;
  const boost::math::normal normal;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double z = low + i * width;
    const double between = cdf(normal, z) - cdf(normal, z - q);
    const double value = pdf(normal, z) * std::pow(between, static_cast<double>(k - 1));
    sum += value * (i == 0 || i == kSteps ? 1 : i % 2 == 1 ? 4 : 2);
  }
  return std::min(1.0, static_cast<double>(k) * sum * width / 3);
}

/// Sum of t^3 - t over the groups of t equal scores of a block.
double tie_sum(const std::vector<double>& block) {
  std::map<double, double> counts;
  for (const double score : block) ++counts[score];
  double sum = 0;
  for (const auto& [score, t] : counts) sum += t * t * t - t;
  return sum;
}

}  // namespace

std::optional<Friedman> friedman(const Blocks& scores) {
  if (scores.size() < 2 || scores[0].size() < 2) return std::nullopt;
  const auto n = static_cast<double>(scores.size()), k = static_cast<double>(scores[0].size());
  Friedman test;
  test.average_ranks.assign(scores[0].size(), 0.0);
  double ties = 0;
  for (const std::vector<double>& block : scores) {
    SEGBENCH_CHECK(block.size() == scores[0].size(), "blocks of {} and {} scores", block.size(),
                   scores[0].size());
    std::vector<double> negative;
    for (const double score : block) negative.push_back(-score);
    const std::vector<double> ranks = mid_ranks(negative);
    for (std::size_t i = 0; i < ranks.size(); ++i) test.average_ranks[i] += ranks[i] / n;
    ties += tie_sum(block);
  }
  double squares = 0;
  for (const double rank : test.average_ranks) squares += std::pow(rank - (k + 1) / 2, 2);
  const double correction = 1 - ties / (n * k * (k * k - 1));
  if (correction <= 0) return std::nullopt;
  test.chi2 = 12 * n / (k * (k + 1)) * squares / correction;
  test.df = k - 1;
  test.p = cdf(complement(boost::math::chi_squared(test.df), test.chi2));
  test.kendalls_w = test.chi2 / (n * (k - 1));
  if (const double room = n * (k - 1) - test.chi2; room > 1e-12 * test.chi2) {
    test.iman_davenport = (n - 1) * test.chi2 / room;
    test.p_iman_davenport =
        cdf(complement(boost::math::fisher_f(k - 1, (k - 1) * (n - 1)), *test.iman_davenport));
  }
  return test;
}

double nemenyi_q(std::size_t k, double alpha) {
  SEGBENCH_CHECK(k >= 2 && alpha > 0 && alpha < 1, "{} treatments at level {}", k, alpha);
  double low = 0, high = 20;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (studentized_range(middle, k) < 1 - alpha ? low : high) = middle;
  }
  return (low + high) / 2 / std::sqrt(2.0);
}

double critical_difference(std::size_t k, std::size_t blocks, double alpha) {
  const auto treatments = static_cast<double>(k);
  return nemenyi_q(k, alpha) * std::sqrt(treatments * (treatments + 1) / (6 * static_cast<double>(blocks)));
}

std::vector<std::vector<double>> nemenyi_p(const std::vector<double>& average_ranks, std::size_t blocks) {
  const auto k = static_cast<double>(average_ranks.size());
  const double error = std::sqrt(k * (k + 1) / (12 * static_cast<double>(blocks)));
  std::vector<std::vector<double>> p(average_ranks.size(), std::vector<double>(average_ranks.size(), 1.0));
  for (std::size_t i = 0; i < average_ranks.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double q = std::abs(average_ranks[i] - average_ranks[j]) / error;
      p[i][j] = p[j][i] = std::max(0.0, 1 - studentized_range(q, average_ranks.size()));
    }
  }
  return p;
}

}  // namespace segbench::statistics
