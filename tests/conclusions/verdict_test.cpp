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
  EXPECT_EQ(model.verdict.standing, Standing::kBetter);
  EXPECT_EQ(model.verdict.leader, "b");
  EXPECT_THAT(model.verdict.headline, HasSubstr("0.1033 ahead of a"));
  EXPECT_THAT(model.verdict.headline, HasSubstr("3 seeds"));
}

TEST(Verdict, AdmitsThatTrialsDoNotTellTwoApart) {
  const Conclusions model =
      conclusions_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.6), trial_of("a", 3, 0.55),
                      trial_of("b", 1, 0.6), trial_of("b", 2, 0.5), trial_of("b", 3, 0.57)});
  EXPECT_EQ(model.verdict.standing, Standing::kInconclusive);
  EXPECT_THAT(model.verdict.headline, ::testing::StartsWith("Inconclusive: "));
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("includes 0")));
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("seeds")));
}

TEST(Verdict, DoesNotCallOneAheadThatOwesItToSeedsOfItsOwn) {
  std::vector<TrialInputs> trials = {trial_of("a", 1, 0.5), trial_of("a", 2, 0.51),  trial_of("a", 3, 0.52),
                                     trial_of("b", 1, 0.6), trial_of("b", 2, 0.615), trial_of("b", 3, 0.625)};
  for (std::uint64_t seed = 4; seed <= 6; ++seed) trials.push_back(trial_of("a", seed, 0.95));
  const Conclusions model = conclusions_of(trials);
  EXPECT_EQ(model.verdict.leader, "a");
  EXPECT_EQ(model.verdict.standing, Standing::kInconclusive);
  EXPECT_THAT(model.verdict.headline, HasSubstr("0.1033 behind b"));
  EXPECT_THAT(model.verdict.remarks,
              ::testing::Contains(HasSubstr("Over the seeds that both have b is ahead of a")));
  EXPECT_THAT(model.verdict.remarks, ::testing::Not(::testing::Contains(HasSubstr("includes 0"))));
}

TEST(Verdict, CallsTwoEquivalentWithinADeclaredMarginOnly) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    trials.push_back(trial_of("a", seed, 0.5 + 0.001 * static_cast<double>(seed % 2)));
    trials.push_back(trial_of("b", seed, 0.502 - 0.001 * static_cast<double>(seed % 3)));
  }
  for (TrialInputs& trial : trials) trial.record.variant["training"]["select_by"] = "pixel_accuracy";
  StudyInputs inputs = study_of(trials);
  const Options options{.metric = "pixel_accuracy", .split = "test", .allowed = {}};
  EXPECT_EQ(conclude(inputs, options).verdict.standing, Standing::kInconclusive);
  inputs.study.study["margin"] = 0.01;
  const Conclusions model = conclude(inputs, options);
  EXPECT_EQ(model.verdict.standing, Standing::kEquivalent);
  EXPECT_THAT(model.verdict.headline, ::testing::StartsWith("Equivalent within margin: "));
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("Declared beforehand")));
  EXPECT_FALSE(conclude(inputs, {.metric = "miou", .split = "test", .allowed = {}}).margin)
      << "it was declared for another metric";
}

TEST(Verdict, WidensTheIntervalOfALeaderThatWasPickedFromMany) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const double noise = 0.004 * static_cast<double>(seed);
    trials.push_back(trial_of("best", seed, 0.6 + noise));
    trials.push_back(trial_of("second", seed, 0.59 + 0.5 * noise));
  }
  const Interval of_two = *conclusions_of(trials).verdict.to_runner_up->evidence.interval;
  for (const char* other : {"c", "d", "e"}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) trials.push_back(trial_of(other, seed, 0.3));
  }
  const Conclusions model = conclusions_of(trials);
  const Evidence& evidence = model.verdict.to_runner_up->evidence;
  EXPECT_DOUBLE_EQ(evidence.level, 0.98) << "1 - 2 x 0.05 / 5";
  EXPECT_LT(evidence.interval->low, of_two.low);
  EXPECT_GT(evidence.interval->high, of_two.high);
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("98% instead of 95%")));
}

TEST(Verdict, TakesInTheImagesWhereTheyAreKnown) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    trials.push_back(trial_of("a", seed, 0.5 + 0.001 * static_cast<double>(seed)));
    trials.push_back(trial_of("b", seed, 0.6 + 0.002 * static_cast<double>(seed)));
  }
  StudyInputs inputs = study_of(trials);
  // The gain of b lies in half of the images: other images might have shown less of it.
  inputs.images = [&](const std::string& trial, const std::string&) {
    std::vector<store::ImageRecord> images(20);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::int64_t right = trial[0] == 'a' ? 500 : i % 2 == 0 ? 700 : 500;
      images[i].index = static_cast<std::int64_t>(i);
      images[i].counts = {{right, 1000 - right, 1000 - right}, {right, 1000 - right, 1000 - right}};
      images[i].counts[0].tp += static_cast<std::int64_t>(trial.back()) % 3;
    }
    return images;
  };
  const Conclusions model = conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
  const Evidence& evidence = model.verdict.to_runner_up->evidence;
  EXPECT_EQ(evidence.images, 20u);
  EXPECT_GT(*evidence.from_images, 0.9);
  EXPECT_NEAR(*evidence.from_seeds + *evidence.from_images + *evidence.from_both, 1, 1e-9);
  EXPECT_THAT(model.verdict.headline, HasSubstr("paired by seed and image"));
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("more test images would narrow it most")));
}

TEST(Verdict, PairsNoImagesThatAreOthers) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    trials.push_back(trial_of("a", seed, 0.5 + 0.001 * static_cast<double>(seed)));
    trials.push_back(trial_of("b", seed, 0.6 + 0.002 * static_cast<double>(seed)));
  }
  StudyInputs inputs = study_of(trials);
  std::string folder_of_b = "here/";
  inputs.images = [&](const std::string& trial, const std::string&) {
    std::vector<store::ImageRecord> images(20);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::int64_t right = trial[0] == 'a' ? 500 : i % 2 == 0 ? 700 : 500;
      images[i].id = (trial[0] == 'b' ? folder_of_b : "here/") + std::to_string(i);
      images[i].counts = {{right, 1000 - right, 1000 - right}, {right, 1000 - right, 1000 - right}};
    }
    return images;
  };
  const Options options{.metric = "pixel_accuracy", .split = "test", .allowed = {"data"}};
  EXPECT_EQ(conclude(inputs, options).verdict.to_runner_up->evidence.images, 20u);
  folder_of_b = "there/";
  const Evidence by_seed = conclude(inputs, options).verdict.to_runner_up->evidence;
  EXPECT_EQ(by_seed.images, 0u) << "the first image of one has nothing to do with the first of the other";
  EXPECT_TRUE(by_seed.interval) << "over seeds";
}

TEST(Verdict, TestsThePairsAndCorrectsThem) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const double noise = 0.001 * static_cast<double>(seed * seed % 5);
    trials.push_back(trial_of("a", seed, 0.6 + noise));
    trials.push_back(trial_of("b", seed, 0.59 - noise));
    trials.push_back(trial_of("c", seed, 0.5 + 2 * noise));
  }
  const Conclusions model = conclusions_of(trials);
  ASSERT_EQ(model.to_best.size(), 2u);
  for (const PairedDifference& pair : model.to_best) {
    EXPECT_DOUBLE_EQ(*pair.evidence.p_sign_flip, 2.0 / 32) << "the least that five seeds allow";
    EXPECT_DOUBLE_EQ(*pair.evidence.p_wilcoxon, 2.0 / 32);
    EXPECT_GE(*pair.evidence.p_holm, *pair.evidence.p_t) << "corrected";
    EXPECT_LE(*pair.evidence.p_holm, 3 * *pair.evidence.p_t + 1e-12) << "three pairs";
    EXPECT_EQ(pair.evidence.improvement, 0.0);
    EXPECT_LT(*pair.evidence.effect, 0);
  }
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
  const Conclusions model = conclude(study_of(trials), {.metric = "loss", .split = "test", .allowed = {}});
  EXPECT_EQ(model.verdict.leader, "a");
  EXPECT_EQ(model.verdict.standing, Standing::kBetter);
  EXPECT_THAT(model.verdict.headline, HasSubstr("a has the lowest mean loss"));
  EXPECT_DOUBLE_EQ(*model.leaderboard[0].score.best, 0.21);
}

}  // namespace
}  // namespace segbench::conclusions
