// SPDX-License-Identifier: MIT
#include "results/statistics/welch.h"

#include <gtest/gtest.h>

#include <vector>

namespace segbench::statistics {
namespace {

// Satterthwaite's degrees of freedom, written out.
TEST(Welch, IsThatOfItsFormula) {
  const std::vector<double> x = {27.5, 21, 19, 23.6, 17}, y = {27.1, 22, 20.8, 23.4};
  const MeanDifference found = *welch(x, y);
  EXPECT_NEAR(found.difference, -1.705, 1e-12);
  const double vx = 16.772 / 5, vy = (27.1 - 23.325) * (27.1 - 23.325) + (22 - 23.325) * (22 - 23.325) +
                                     (20.8 - 23.325) * (20.8 - 23.325) + (23.4 - 23.325) * (23.4 - 23.325);
  const double second = vy / 3 / 4;
  EXPECT_NEAR(found.df, (vx + second) * (vx + second) / (vx * vx / 4 + second * second / 3), 1e-9);
  EXPECT_NEAR((found.interval.low + found.interval.high) / 2, found.difference, 1e-12);
  EXPECT_GT(found.interval.high, 0);
  EXPECT_FALSE(welch({}, y));
  EXPECT_FALSE(welch(std::vector<double>{1, 1}, std::vector<double>{2, 2}));
}

}  // namespace
}  // namespace segbench::statistics
