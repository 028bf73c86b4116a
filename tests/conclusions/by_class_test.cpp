// SPDX-License-Identifier: MIT
#include "results/conclusions/by_class.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/conclusions/time_parts.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

TEST(ByClass, PairsLeaderAndRunnerUpBySeed) {
  std::vector<TrialInputs> trials;
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const double luck = 0.01 * static_cast<double>(seed % 2);
    trials.push_back(trial_of("good", seed, 0.8 + luck));
    trials.push_back(trial_of("poor", seed, 0.7));
  }
  trials.pop_back();  // "poor" lacks a seed
  const std::vector<ClassDifference> classes = compare_classes(conclusions_of(trials));
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_EQ(classes[1].class_name, "thing");
  const PairedDifference& pair = classes[1].pair;
  EXPECT_EQ(pair.candidate, "good");
  EXPECT_EQ(pair.seeds.size(), 3u);
  // IoU of accuracy a: a / (2 - a).
  EXPECT_NEAR(pair.difference.values[1], 0.8 / 1.2 - 0.7 / 1.3, 1e-12);
  ASSERT_TRUE(classes[1].p_t && classes[1].p_holm);
  EXPECT_NEAR(*classes[1].p_holm, std::min(1.0, 2 * *classes[1].p_t), 1e-12) << "two classes, alike";
}

TEST(ByClass, SaysNothingOfOneVariant) {
  EXPECT_THAT(compare_classes(conclusions_of({trial_of("alone", 1, 0.5)})), testing::IsEmpty());
}

TEST(TimeParts, SplitTheTimeOfATrial) {
  TrialInputs trial = trial_of("a", 1, 0.5);
  trial.epochs = {{.epoch = 1,
                   .loss = 1.0,
                   .learning_rate = 0.1,
                   .steps = 1,
                   .samples = 1,
                   .train_seconds = 10.0,
                   .data_wait_seconds = 2.0},
                  {.epoch = 2,
                   .loss = 1.0,
                   .learning_rate = 0.1,
                   .steps = 1,
                   .samples = 1,
                   .train_seconds = 8.0,
                   .data_wait_seconds = 1.0}};
  trial.evaluations[0].evaluate_seconds = 3.0;
  trial.evaluations[1].evaluate_seconds = 1.0;
  trial.attempts.resize(2);
  trial.attempts[0].seconds = 5.0, trial.attempts[1].seconds = 24.0;
  const StudyInputs inputs = study_of({trial});
  const std::vector<TimeParts> parts =
      time_parts(inputs, conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}}));
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].training.mean, 15.0);
  EXPECT_EQ(parts[0].waiting.mean, 3.0);
  EXPECT_EQ(parts[0].evaluation.mean, 4.0);
  EXPECT_EQ(parts[0].rest.mean, 7.0) << "of both attempts";
}

TEST(TimeParts, LeaveOutVariantsWithoutTimes) {
  const StudyInputs inputs = study_of({trial_of("a", 1, 0.5)});
  EXPECT_THAT(
      time_parts(inputs, conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}})),
      testing::IsEmpty());
}

}  // namespace
}  // namespace segbench::conclusions
