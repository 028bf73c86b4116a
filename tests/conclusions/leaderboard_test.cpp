// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using ::testing::HasSubstr;

TEST(Leaderboard, RanksByMeanAndPairsBySeed) {
  const Conclusions model =
      conclusions_of({trial_of("low", 1, 0.5), trial_of("low", 2, 0.52), trial_of("low", 3, 0.51),
                      trial_of("high", 1, 0.6), trial_of("high", 2, 0.63), trial_of("high", 4, 0.7)});
  ASSERT_EQ(model.leaderboard.size(), 2u);
  EXPECT_EQ(model.leaderboard[0].id, "high");
  EXPECT_NEAR(*model.leaderboard[0].score.mean, (0.6 + 0.63 + 0.7) / 3, 1e-12);
  ASSERT_EQ(model.to_best.size(), 1u);
  EXPECT_THAT(model.to_best[0].seeds, ::testing::ElementsAre(1u, 2u)) << "only seeds that both have";
  EXPECT_NEAR(model.to_best[0].difference.values[0], -0.1, 1e-12);
  EXPECT_THAT(model.to_best[0].reference_trials, ::testing::ElementsAre("high-1", "high-2"));
}

TEST(Leaderboard, LeavesUndefinedClassesUndefined) {
  std::vector<TrialInputs> trials = {trial_of("a", 1, 0.5), trial_of("a", 2, 0.6)};
  for (TrialInputs& trial : trials) {
    trial.record.class_names.push_back("ghost");
    for (auto& evaluation : trial.evaluations) evaluation.counts.push_back({0, 0, 0});
  }
  const Conclusions model = conclusions_of(trials);
  const ClassScore& ghost = model.leaderboard[0].classes.at(2);
  EXPECT_FALSE(ghost.iou.mean);
  EXPECT_THAT(ghost.iou.why_undefined, HasSubstr("neither in the ground truth nor in a prediction"));
  EXPECT_TRUE(to_json(model)["leaderboard"][0]["classes"][2]["iou"]["mean"].is_null());
}

TEST(Leaderboard, ShowsTheMedianTrialAndTheLowerOfTwo) {
  EXPECT_EQ(conclusions_of({trial_of("a", 1, 0.9), trial_of("a", 2, 0.5), trial_of("a", 3, 0.7)})
                .leaderboard[0]
                .shown_trial,
            "a-3");
  EXPECT_EQ(conclusions_of({trial_of("a", 1, 0.9), trial_of("a", 2, 0.5)}).leaderboard[0].shown_trial, "a-2");
}

TEST(Leaderboard, CountsNoFailedTrialAndNamesIt) {
  TrialInputs failed = trial_of("a", 3, 0.99);
  failed.record.status = core::TrialStatus::kFailed;
  failed.record.reason = core::FailureReason::kDiverged;
  failed.record.message = "loss is nan";
  const Conclusions model = conclusions_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.5), failed});
  EXPECT_EQ(model.complete, 2);
  EXPECT_EQ(model.planned, 3);
  EXPECT_DOUBLE_EQ(*model.leaderboard[0].score.mean, 0.5);
  ASSERT_EQ(model.excluded.size(), 1u);
  EXPECT_EQ(model.excluded[0].reason, "diverged");
}

TEST(Leaderboard, PlansEnsemblesOverSeedsOnceForAllOfThem) {
  StudyInputs inputs = study_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.6), trial_of("both", 1, 0.7)});
  inputs.study.study["seeds"] = {1, 2};
  inputs.study.study["variants"] = {
      {{"id", "a"}, {"label", "a"}},
      {{"id", "both"}, {"label", "both"}, {"config", {{"ensemble", {"a"}}, {"ensemble_seeds", 2}}}}};
  const Conclusions model = conclude(inputs, {.metric = "pixel_accuracy", .split = "test"});
  EXPECT_EQ(model.planned, 3);
  EXPECT_EQ(model.leaderboard.at(0).planned, 1);
  EXPECT_TRUE(model.excluded.empty()) << "nothing is still to come";
}

TEST(Leaderboard, WorksWithoutAnyCompleteTrial) {
  TrialInputs running = trial_of("a", 1, 0.5);
  running.record.status = core::TrialStatus::kRunning;
  running.evaluations.clear();
  const Conclusions model = conclusions_of({running});
  EXPECT_EQ(model.complete, 0);
  EXPECT_EQ(model.verdict.standing, Standing::kNothingToCompare);
  EXPECT_FALSE(model.leaderboard.at(0).score.mean);
  EXPECT_TRUE(conclude(study_of({})).leaderboard.empty());
}

TEST(Leaderboard, RefusesUnknownMetricsAndSplits) {
  const StudyInputs inputs = study_of({trial_of("a", 1, 0.5)});
  try {
    conclude(inputs, {.metric = "mioo", .split = "test"});
    FAIL();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"miou\"?"));
  }
  EXPECT_THROW(conclude(inputs, {.metric = "miou", .split = "train"}), core::UserError);
}

}  // namespace
}  // namespace segbench::conclusions
