// SPDX-License-Identifier: MIT
#include "harness/cli/plan_detect.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/cli/plan_simulate.h"
#include "harness/core/error.h"
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

study::Study deciding_study(std::size_t variants) {
  study::Study study;
  for (std::uint64_t seed = 1; seed <= 9; ++seed) study.seeds.push_back(seed);
  study.until = study::UntilDecided{.first_look = 3, .look_every = 3};
  for (std::size_t i = 0; i < variants; ++i) {
    study.variants.emplace_back();
    study.variants.back().id = study.variants.back().label = fmt::format("v{}", i);
  }
  return study;
}

TEST(PlanSimulate, TellsHowOftenTheRuleIsWrongAndWhatItSaves) {
  const Table table = simulation_table(deciding_study(5));
  ASSERT_EQ(table.rows.size(), 7u);
  const auto number = [&](std::size_t row, std::size_t column) {
    return table.rows[row][column].value.get<double>();
  };
  EXPECT_LE(number(0, 2), 0.08) << "all alike: 5 % and three standard errors";
  EXPECT_GE(number(0, 3), 43) << "nearly all of 45 trials";
  EXPECT_GE(number(6, 1), 0.99) << "a lead of five standard deviations";
  EXPECT_LE(number(6, 3), 32);
  EXPECT_EQ(number(6, 4), 45);
  for (std::size_t row = 1; row < table.rows.size(); ++row)
    EXPECT_LE(number(row, 3), number(row - 1, 3) + 0.5) << "a larger lead costs less";
}

TEST(PlanSimulate, NeedsTheRule) {
  study::Study study = deciding_study(2);
  study.until.reset();
  EXPECT_THROW(simulation_table(study), core::UserError);
  EXPECT_THROW(simulation_table(deciding_study(1)), core::UserError);
}

}  // namespace
}  // namespace segbench::cli
