// SPDX-License-Identifier: MIT
#include "results/statistics/median.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "harness/core/random.h"

namespace segbench::statistics {
namespace {

std::vector<double> up_to(int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

// Order statistics as in Hollander and Wolfe's table of the sign test: n = 10 has (2, 9) at 97.9 %, n = 6
// (1, 6) at 96.9 %, n = 20 (6, 15) at 95.9 %.
TEST(MedianInterval, LiesBetweenOrderStatistics) {
  EXPECT_FALSE(median_interval({}));
  EXPECT_FALSE(median_interval(up_to(5)));
  EXPECT_EQ(median_interval(up_to(6)), (Interval{1, 6}));
  EXPECT_EQ(median_interval(up_to(10)), (Interval{2, 9}));
  EXPECT_EQ(median_interval(up_to(20)), (Interval{6, 15}));
}

TEST(MedianInterval, HoldsTheMedianAsOftenAsItSays) {
  int held = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    core::Stream stream(7, core::Purpose::kBootstrap, 0, i);
    std::vector<double> values;
    for (int k = 0; k < 15; ++k) values.push_back(std::exp(stream.normal()));
    const Interval interval = *median_interval(values);
    held += interval.low <= 1 && 1 <= interval.high;
  }
  EXPECT_GE(held, 1900);
}

TEST(SupportedQuantile, IsBlankWhereTheSampleIsTooSmall) {
  EXPECT_FALSE(supported_quantile(up_to(49), 0.90));
  EXPECT_TRUE(supported_quantile(up_to(50), 0.90));
  EXPECT_FALSE(supported_quantile(up_to(499), 0.99));
  EXPECT_NEAR(*supported_quantile(up_to(500), 0.99), 495.01, 1e-9);
}

TEST(MannKendall, SeesATrend) {
  // S = 45 of ten ascending values, whose variance is 10 * 9 * 25 / 18 = 125.
  EXPECT_NEAR(*mann_kendall(up_to(10)), 44 / std::sqrt(125.0), 1e-12);
  std::vector<double> falling = up_to(10);
  std::reverse(falling.begin(), falling.end());
  EXPECT_NEAR(*mann_kendall(falling), -44 / std::sqrt(125.0), 1e-12);
  EXPECT_EQ(*mann_kendall(std::vector<double>(12, 1.0)), 0);
  EXPECT_FALSE(mann_kendall(up_to(3)));
}

}  // namespace
}  // namespace segbench::statistics
