// SPDX-License-Identifier: MIT
#include "results/conclusions/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_search.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using core::Json;

StudyInputs named(const std::string& name, const std::vector<TrialInputs>& trials) {
  StudyInputs inputs = study_of(trials);
  inputs.study.name = name;
  Json& study = inputs.study.study;
  study["seeds"] = {1, 2, 3};
  study["command"] = "segbench run " + name + ".toml";
  study["variants"] = Json::array();
  for (const TrialInputs& trial : trials) {
    const Json variant = {{"id", trial.record.variant_id}, {"label", trial.record.variant_label}};
    if (std::find(study["variants"].begin(), study["variants"].end(), variant) == study["variants"].end())
      study["variants"].push_back(variant);
    study["trials"].push_back(trial.record.trial_id);
  }
  study["claims"] = {{{"candidate_id", "x"}}};
  return inputs;
}

std::vector<TrialInputs> three_seeds(const std::string& variant, double accuracy) {
  return {trial_of(variant, 1, accuracy), trial_of(variant, 2, accuracy + 0.001),
          trial_of(variant, 3, accuracy - 0.001)};
}

std::vector<TrialInputs> both(std::vector<TrialInputs> a, const std::vector<TrialInputs>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Conclusions conclude_merged(const std::vector<StudyInputs>& studies) {
  return conclude(merge_studies(studies), {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
}

TEST(Merge, RanksTheVariantsOfAllStudies) {
  const Conclusions model =
      conclude_merged({named("old", both(three_seeds("unet", 0.7), three_seeds("fcn", 0.6))),
                       named("new", three_seeds("pspnet", 0.8))});
  EXPECT_EQ(model.study, "old + new");
  ASSERT_EQ(model.leaderboard.size(), 3u);
  EXPECT_EQ(model.leaderboard[0].label, "new: pspnet");
  EXPECT_EQ(model.leaderboard[1].label, "old: unet");
  EXPECT_EQ(model.planned, 9);
  ASSERT_TRUE(model.verdict.to_runner_up);
  EXPECT_EQ(model.verdict.to_runner_up->seeds.size(), 3u) << "paired over studies";
  EXPECT_EQ(model.trials[0].variant_label, "old: unet");
  EXPECT_THAT(model.claims, testing::IsEmpty()) << "they were made of another study";
}

TEST(Merge, CountsWhatSeveralStudiesHaveOnce) {
  const Conclusions model =
      conclude_merged({named("a", three_seeds("unet", 0.7)),
                       named("b", both(three_seeds("unet", 0.7), three_seeds("fcn", 0.6)))});
  ASSERT_EQ(model.leaderboard.size(), 2u);
  EXPECT_EQ(model.leaderboard[0].label, "a, b: unet");
  EXPECT_EQ(model.leaderboard[0].score.values.size(), 3u) << "the trials of one id are the same work";
  EXPECT_EQ(model.trials.size(), 6u);
}

TEST(Merge, GivesNoVerdictBetweenOtherImages) {
  std::vector<TrialInputs> other = three_seeds("pspnet", 0.8);
  for (TrialInputs& trial : other) trial.record.test_set = "another";
  const Conclusions model = conclude_merged({named("a", three_seeds("unet", 0.7)), named("b", other)});
  EXPECT_EQ(model.verdict.standing, Standing::kNotComparable);
  ASSERT_EQ(model.not_comparable.size(), 2u);
  EXPECT_NE(model.leaderboard[0].basis, model.leaderboard[1].basis);
}

TEST(Merge, TakesOfASearchWhatItChoseAlone) {
  const std::vector<double> better(9, 0.72), worse(9, 0.71);
  MadeUpSearch search({1, 3, 9});
  search.inputs.study.name = "search";
  search.add({}, {0.5}, {}, core::TrialStatus::kInterrupted);
  search.add({}, better, 0.7);
  search.add({}, worse, 0.9);  // would be picked on the split that is compared on
  const Conclusions model = conclude_merged({named("old", three_seeds("unet", 0.6)), search.inputs});
  ASSERT_EQ(model.leaderboard.size(), 2u);
  EXPECT_EQ(model.leaderboard[0].label, "search: draw v1");
  EXPECT_EQ(model.planned, 4);
  EXPECT_EQ(model.complete, 4) << "a paused draw is not missing";
}

TEST(Merge, SaysOfWhichStudyAWarningIs) {
  StudyInputs a = named("a", three_seeds("unet", 0.7)), b = named("b", three_seeds("fcn", 0.6));
  store::WarningRecord warning;
  warning.source = "audit", warning.warning.message = "two images are equal";
  b.warnings.push_back(warning);
  const StudyInputs merged = merge_studies({a, b});
  ASSERT_EQ(merged.warnings.size(), 1u);
  EXPECT_EQ(merged.warnings[0].warning.message, "b: two images are equal");
  EXPECT_EQ(merged.study.study.at("commands"), Json({"segbench run a.toml", "segbench run b.toml"}));
}

}  // namespace
}  // namespace segbench::conclusions
