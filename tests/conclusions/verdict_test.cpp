// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using ::testing::HasSubstr;

TEST(Verdict, NeedsThreeCommonSeeds) {
  const Conclusions model = conclusions_of(
      {trial_of("a", 1, 0.5), trial_of("a", 2, 0.5), trial_of("b", 1, 0.9), trial_of("b", 2, 0.91)});
  EXPECT_EQ(model.verdict.standing, Standing::kTooFewSeeds);
  EXPECT_THAT(model.verdict.headline, HasSubstr("No verdict"));
}

TEST(Verdict, SaysWhoIsAheadAndByHowMuch) {
  const Conclusions model =
      conclusions_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.51), trial_of("a", 3, 0.52),
                      trial_of("b", 1, 0.6), trial_of("b", 2, 0.615), trial_of("b", 3, 0.625)});
  EXPECT_EQ(model.verdict.standing, Standing::kAhead);
  EXPECT_EQ(model.verdict.leader, "b");
  EXPECT_THAT(model.verdict.headline, HasSubstr("0.1033 ahead of a"));
  EXPECT_THAT(model.verdict.headline, HasSubstr("3 seeds"));
}

TEST(Verdict, AdmitsThatTrialsDoNotTellTwoApart) {
  const Conclusions model =
      conclusions_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.6), trial_of("a", 3, 0.55),
                      trial_of("b", 1, 0.6), trial_of("b", 2, 0.5), trial_of("b", 3, 0.57)});
  EXPECT_EQ(model.verdict.standing, Standing::kNotSeparated);
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("includes 0")));
}

TEST(Verdict, TakesTheLowestLossForTheBest) {
  std::vector<TrialInputs> trials = {trial_of("a", 1, 0.5), trial_of("a", 2, 0.5), trial_of("a", 3, 0.5),
                                     trial_of("b", 1, 0.6), trial_of("b", 2, 0.6), trial_of("b", 3, 0.6)};
  for (TrialInputs& trial : trials) {
    for (auto& evaluation : trial.evaluations) {
      evaluation.loss =
          (trial.record.variant_id == "a" ? 0.2 : 0.5) + 0.01 * static_cast<double>(trial.record.seed);
    }
  }
  const Conclusions model = conclude(study_of(trials), {.metric = "loss", .split = "test"});
  EXPECT_EQ(model.verdict.leader, "a");
  EXPECT_EQ(model.verdict.standing, Standing::kAhead);
  EXPECT_THAT(model.verdict.headline, HasSubstr("a has the lowest mean loss"));
  EXPECT_DOUBLE_EQ(*model.leaderboard[0].score.best, 0.21);
}

}  // namespace
}  // namespace segbench::conclusions
