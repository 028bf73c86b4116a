// SPDX-License-Identifier: MIT
#include "results/statistics/prediction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/core/random.h"

namespace segbench::tests {
namespace {

using statistics::Future;
using statistics::prediction_interval;

TEST(Prediction, FollowsStudentsT) {
  const std::vector<double> values = {1, 2, 3};
  constexpr double t = 4.302652729911275;  // t(0.975, 2)
  const auto one = prediction_interval(values, Future::kMean, 1);
  EXPECT_NEAR(one->low, 2 - t * std::sqrt(1 + 1.0 / 3), 1e-9);
  EXPECT_NEAR(one->high, 2 + t * std::sqrt(1 + 1.0 / 3), 1e-9);
  EXPECT_NEAR(prediction_interval(values, Future::kMean, 3)->high, 2 + t * std::sqrt(2.0 / 3), 1e-9);
  const auto best = prediction_interval(values, Future::kLargest, 5);
  EXPECT_NEAR(best->low, one->low, 1e-9);
  EXPECT_NEAR(best->high, 2 + 9.92484320091807 * std::sqrt(1 + 1.0 / 3), 1e-9);  // t(0.995, 2)
  EXPECT_FALSE(prediction_interval(std::vector<double>{1}, Future::kMean, 1)) << "one value has no spread";
}

/// How often the interval holds what comes next.
double coverage(Future future, std::int64_t draws, int seeds) {
  core::Stream stream(1, core::Purpose::kBootstrap);
  constexpr int kStudies = 4000;
  int held = 0;
  for (int i = 0; i < kStudies; ++i) {
    std::vector<double> values(static_cast<std::size_t>(seeds)), next(static_cast<std::size_t>(draws));
    for (double& value : values) value = stream.normal();
    for (double& value : next) value = stream.normal();
    const double number =
        future == Future::kMean ? *statistics::mean(next) : *std::max_element(next.begin(), next.end());
    const auto interval = prediction_interval(values, future, draws);
    held += number >= interval->low && number <= interval->high ? 1 : 0;
  }
  return held / static_cast<double>(kStudies);
}

// 0.01 is three standard errors of 4000 simulated studies.
TEST(Prediction, HoldsAsOftenAsItSays) {
  for (const int seeds : {3, 10}) {
    EXPECT_NEAR(coverage(Future::kMean, 1, seeds), 0.95, 0.01) << seeds;
    EXPECT_NEAR(coverage(Future::kMean, 3, seeds), 0.95, 0.01) << seeds;
    const double best = coverage(Future::kLargest, 3, seeds);
    EXPECT_GE(best, 0.95 - 0.01) << seeds;
    EXPECT_LE(best, 0.995) << seeds;
  }
}

}  // namespace
}  // namespace segbench::tests
