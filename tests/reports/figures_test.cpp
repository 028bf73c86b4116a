// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"

namespace segbench::reports {
namespace {

TEST(Ticks, ChoosesRoundTicksThatCoverTheRange) {
  const Ticks t = ticks(0.412, 0.587, 5);
  EXPECT_LE(t.first, 0.412);
  EXPECT_GE(t.last, 0.587);
  EXPECT_DOUBLE_EQ(t.step, 0.05);
  EXPECT_EQ(t.digits, 2);
  EXPECT_GT(ticks(0.5, 0.5).last, ticks(0.5, 0.5).first) << "a single value still has a range";
  EXPECT_EQ(ticks(0, 100, 5).digits, 0);
  EXPECT_EQ(ticks(0, 0.125, 5).digits, 3) << "a step of 0.025 has three decimals";
}

TEST(Palette, HeatCellsKeepTheirTextReadable) {
  EXPECT_EQ(heat_shade(0).text, "#000000");
  EXPECT_EQ(heat_shade(1).text, "#ffffff");
  EXPECT_EQ(heat_shade(-1).background, heat_shade(0).background);
  EXPECT_EQ(heat_shade(2).background, heat_shade(1).background);
}

}  // namespace
}  // namespace segbench::reports
