// SPDX-License-Identifier: MIT
#include "results/statistics/expected_maximum.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/core/error.h"

namespace segbench::statistics {
namespace {

/// Mean of the maximum over all subsets of n of the ascending values: the i-th value (from 0) is the largest
/// of C(i, n - 1) of the C(N, n) subsets. Their share follows from that of the value above by (i - n + 2) /
/// (i + 1).
double mean_over_subsets(const std::vector<double>& ascending, std::size_t n) {
  double share = static_cast<double>(n) / static_cast<double>(ascending.size()), sum = 0;
  for (std::size_t i = ascending.size(); i-- > n - 1;) {
    sum += share * ascending[i];
    if (i > 0) share *= static_cast<double>(i - (n - 1)) / static_cast<double>(i);
  }
  return sum;
}

}  // namespace

std::optional<ExpectedMaximum> expected_maximum(std::span<const double> values, std::int64_t n) {
  SEGBENCH_CHECK(n >= 1, "the maximum of {} runs", n);
  if (values.empty()) return std::nullopt;
  std::vector<double> ascending(values.begin(), values.end());
  std::sort(ascending.begin(), ascending.end());
  const auto size = static_cast<double>(ascending.size()), draws = static_cast<double>(n);
  std::vector<double> shares;
  ExpectedMaximum expected;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const auto place = static_cast<double>(i);
    shares.push_back(std::pow((place + 1) / size, draws) - std::pow(place / size, draws));
    expected.with_replacement += shares[i] * ascending[i];
  }
  double variance = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    variance += shares[i] * std::pow(ascending[i] - expected.with_replacement, 2);
  }
  expected.sd_with_replacement = std::sqrt(variance);
  if (n <= static_cast<std::int64_t>(ascending.size())) {
    expected.without_replacement = mean_over_subsets(ascending, static_cast<std::size_t>(n));
  }
  return expected;
}

}  // namespace segbench::statistics
