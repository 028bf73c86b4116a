// SPDX-License-Identifier: MIT
#include "harness/cli/plan_detect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "results/statistics/power.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::cli {
namespace {

using conclusions::trial_of;

TEST(PlanDetect, TellsSeedsAndHoursFromTheSpreadSoFar) {
  std::vector<conclusions::TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    trials.push_back(trial_of("a", seed, 0.5 + 0.01 * static_cast<double>(seed % 3)));
    trials.push_back(trial_of("b", seed, 0.6));
  }
  const conclusions::Conclusions model = conclusions::conclusions_of(trials);
  const Table table = detection_table(model, 0.01);
  ASSERT_EQ(table.rows.size(), 1u);
  const auto& row = table.rows[0];
  const double sd = *model.to_best[0].difference.sd;
  const double needed = std::ceil(*statistics::needed_n(0.01 / sd));
  EXPECT_EQ(row[0].value, "a");
  EXPECT_EQ(row[2].value, 4);
  EXPECT_EQ(row[3].value, sd);
  EXPECT_EQ(row[5].value, needed);
  EXPECT_EQ(row[6].value, needed - 4);
  const double spent = *model.leaderboard[0].train_seconds.mean + *model.leaderboard[1].train_seconds.mean;
  EXPECT_DOUBLE_EQ(row[7].value.get<double>(), (needed - 4) * spent / 3600);
  EXPECT_EQ(detection_table(model, 0.5).rows[0][6].value, 0.0) << "four seeds are enough for that";
}

TEST(PlanDetect, IsUndefinedWithoutASpread) {
  const conclusions::Conclusions model =
      conclusions::conclusions_of({trial_of("a", 1, 0.5), trial_of("b", 1, 0.6)});
  EXPECT_TRUE(detection_table(model, 0.01).rows.at(0)[5].value.is_null());
}

}  // namespace
}  // namespace segbench::cli
