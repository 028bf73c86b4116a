// SPDX-License-Identifier: MIT
#include "results/statistics/main_effect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/random.h"

namespace segbench::statistics {
namespace {

using testing::ElementsAre;

TEST(EqualGroups, HoldAsManyValuesEachAndNeverPartEqualOnes) {
  EXPECT_THAT(equal_groups(std::vector<double>{5, 1, 4, 2, 3, 6}, 3), ElementsAre(2, 0, 1, 0, 1, 2));
  EXPECT_THAT(equal_groups(std::vector<double>{1, 1, 1, 1, 2}, 2), ElementsAre(0, 0, 0, 0, 0))
      << "half of them cannot be told from the rest";
  EXPECT_THAT(equal_groups(std::vector<double>{1, 2, 2, 2}, 2), ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(equal_groups(std::vector<double>{3, 3}, 5), ElementsAre(0, 0));
}

TEST(MainEffect, IsEpsilonSquared) {
  // By hand: groups {1, 3} and {5, 7}: SS_within 4, SS_total 20, 1 - 3 / 2 * 4 / 20 = 0.7.
  const std::vector<std::size_t> group = {0, 0, 1, 1};
  const auto effect = main_effect(group, std::vector<double>{1, 3, 5, 7});
  ASSERT_TRUE(effect);
  EXPECT_NEAR(effect->share, 0.7, 1e-12);
  // 4! / (2! 2!) = 6 ways to share them out, 2 of which part them as well.
  EXPECT_NEAR(effect->p, 1 / 3.0, 0.06);
  EXPECT_DOUBLE_EQ(main_effect(group, std::vector<double>{1e6 + 1, 1e6 + 3, 1e6 + 5, 1e6 + 7})->share,
                   effect->share);
}

TEST(MainEffect, IsUndefinedWithoutSpreadOrGroups) {
  EXPECT_EQ(main_effect(std::vector<std::size_t>{0, 0, 1, 1}, std::vector<double>{2, 2, 2, 2}), std::nullopt);
  EXPECT_EQ(main_effect(std::vector<std::size_t>{0, 0, 0}, std::vector<double>{1, 2, 3}), std::nullopt);
  EXPECT_EQ(main_effect(std::vector<std::size_t>{0, 1}, std::vector<double>{1, 2}), std::nullopt);
  EXPECT_EQ(main_effect({}, {}), std::nullopt);
}

/// y = 3 a + b + (c - 1/2) (d - 1/2) 4 + noise, all of them uniform: the variances are 9/12, 1/12, 16/144 and
/// the noise's 1/12, and c and d have no effect by themselves.
struct Simulated {
  std::vector<double> a, b, c, y;
};
Simulated simulate(std::uint64_t seed, std::size_t draws) {
  core::Stream stream(seed, core::Purpose::kBootstrap);
  Simulated s;
  for (std::size_t i = 0; i < draws; ++i) {
    const double a = stream.uniform(), b = stream.uniform(), c = stream.uniform(), d = stream.uniform();
    s.a.push_back(a), s.b.push_back(b), s.c.push_back(c);
    s.y.push_back(3 * a + b + 4 * (c - 0.5) * (d - 0.5) + std::sqrt(1 / 12.0) * stream.normal());
  }
  return s;
}
constexpr double kVariance = 9 / 12.0 + 1 / 12.0 + 16 / 144.0 + 1 / 12.0;
/// Of the variance of a straight line, k equal groups hold 1 - 1 / k^2.
constexpr double kGrouped = 1 - 1 / 25.0;

TEST(MainEffect, FindsTheSharesOfASimulatedFunction) {
  const Simulated s = simulate(1, 4000);
  const auto share = [&](const std::vector<double>& x) {
    return main_effect(equal_groups(x, 5), s.y)->share;
  };
  EXPECT_NEAR(share(s.a), 9 / 12.0 / kVariance * kGrouped, 0.02);
  EXPECT_NEAR(share(s.b), 1 / 12.0 / kVariance * kGrouped, 0.02);
  EXPECT_NEAR(share(s.c), 0, 0.005) << "it acts together with d alone";
}

TEST(MainEffect, ItsIntervalsHoldTheTruthAsOftenAsTheySay) {
  int large = 0, small = 0, alarms = 0;
  constexpr int kRuns = 300;
  for (int run = 0; run < kRuns; ++run) {
    const Simulated s = simulate(100 + static_cast<std::uint64_t>(run), 60);
    const auto holds = [&](const std::vector<double>& x, double truth) {
      const Interval interval = main_effect(equal_groups(x, 5), s.y, 1)->interval;
      return interval.low <= truth && truth <= interval.high ? 1 : 0;
    };
    large += holds(s.a, 9 / 12.0 / kVariance * kGrouped);
    small += holds(s.b, 1 / 12.0 / kVariance * kGrouped);
    alarms += main_effect(equal_groups(s.c, 5), s.y, 99)->p <= 0.05 ? 1 : 0;
  }
  EXPECT_GE(large, kRuns * 90 / 100);
  EXPECT_GE(small, kRuns * 90 / 100);
  EXPECT_LE(alarms, kRuns * 9 / 100) << "a parameter without an effect of its own";
}

}  // namespace
}  // namespace segbench::statistics
