// SPDX-License-Identifier: MIT
#include "results/conclusions/sequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/looks.h"
#include "harness/core/random.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A study of variants with these accuracies, with trials of the first `complete` of twelve seeds; looks
/// after 3, 6, 9 and 12.
StudyInputs sequential_study(const std::vector<std::pair<std::string, double>>& variants,
                             std::size_t complete, double scatter = 0.01) {
  std::vector<TrialInputs> trials;
  core::Json study = {{"until", {{"first_look", 3}, {"look_every", 3}}},
                      {"seeds", core::Json::array()},
                      {"variants", core::Json::array()}};
  core::Stream stream(3, core::Purpose::kBootstrap);
  for (const auto& [variant, accuracy] : variants)
    study["variants"].push_back({{"id", variant}, {"label", variant}});
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    study["seeds"].push_back(seed);
    for (const auto& [variant, accuracy] : variants) {
      const double score = accuracy + scatter * stream.normal();
      if (seed <= complete) trials.push_back(trial_of(variant, seed, score));
    }
  }
  for (TrialInputs& trial : trials) trial.record.variant["training"] = {{"select_by", "pixel_accuracy"}};
  StudyInputs inputs = study_of(trials);
  inputs.study.study = study;
  return inputs;
}

Conclusions judged(const StudyInputs& inputs) {
  return conclude(inputs, {.metric = "", .split = "test", .allowed = {}});
}

/// The study with every look recorded that can be taken.
void record(StudyInputs& inputs) {
  const Conclusions model = judged(inputs);
  for (const LookTaken& look : model.sequential->looks) {
    if (look.recorded.empty()) {
      core::Json json = look_json(inputs, look);
      json["time"] = "2026-11-29T10:00:00Z";
      inputs.study.study["looks"].push_back(json);
    }
  }
}

TEST(SequentialStudy, TakesALookAsSoonAsItsTrialsHaveEnded) {
  const Conclusions two = judged(sequential_study({{"a", 0.7}, {"b", 0.5}}, 2));
  ASSERT_TRUE(two.sequential);
  EXPECT_THAT(two.sequential->planned, ElementsAre(3, 6, 9, 12));
  EXPECT_THAT(two.sequential->looks, IsEmpty());
  EXPECT_EQ(two.planned, 6) << "three seeds of two variants so far";
  EXPECT_THAT(two.verdict.remarks, Contains(HasSubstr("first looked at when every variant has 3 seeds")));
  EXPECT_FALSE(judged(study_of({trial_of("a", 1, 0.5)})).sequential);
}

TEST(SequentialStudy, DropsWhatCanNoLongerWinAndStops) {
  StudyInputs inputs = sequential_study({{"a", 0.8}, {"b", 0.4}, {"c", 0.79}}, 3);
  const Conclusions model = judged(inputs);
  ASSERT_EQ(model.sequential->looks.size(), 1u);
  const LookTaken& look = model.sequential->looks[0];
  ASSERT_EQ(look.dropped.size(), 1u);
  EXPECT_EQ(look.dropped[0].variant, "b");
  EXPECT_GT(look.dropped[0].deficit->low, 0);
  EXPECT_THAT(look.remaining, ElementsAre("a", "c"));
  EXPECT_FALSE(model.sequential->is_over);
  EXPECT_THAT(model.verdict.remarks, Contains(HasSubstr("After 3 seeds: b can no longer win")));
  record(inputs);
  const auto wanted = core::wanted_seeds(inputs.study.study);
  EXPECT_EQ(wanted.at("b"), 3u);
  EXPECT_EQ(wanted.at("c"), 6u);
  EXPECT_EQ(judged(inputs).planned, 6 + 3 + 6);
}

TEST(SequentialStudy, SaysLooksThatDroppedNothingInOneSentence) {
  StudyInputs inputs = sequential_study({{"a", 0.7}, {"b", 0.7}}, 6, 0.1);
  const Conclusions model = judged(inputs);
  ASSERT_EQ(model.sequential->looks.size(), 2u);
  EXPECT_THAT(say_sequential(model), Contains("After 3, 6 seeds: nothing was dropped; a, b remain."));
  record(inputs);
  EXPECT_THAT(say_new_looks(judged(inputs)), ElementsAre(HasSubstr("not decided yet and goes on to 9 seeds")))
      << "what is written down was said before";
}

TEST(SequentialStudy, EndsWithAVerdictOfItsOwnLevel) {
  StudyInputs inputs = sequential_study({{"a", 0.8}, {"b", 0.4}}, 3);
  record(inputs);
  const Conclusions model = judged(inputs);
  EXPECT_TRUE(model.sequential->is_over);
  EXPECT_EQ(model.verdict.standing, Standing::kBetter);
  EXPECT_EQ(model.verdict.leader, "a");
  EXPECT_NEAR(model.verdict.to_runner_up->evidence.level, 1 - 0.05 / 8, 1e-12) << "a quarter of all seeds";
  EXPECT_THAT(
      model.verdict.remarks,
      Contains(HasSubstr("It was decided after 3 of at most 12 seeds; 6 of at most 24 were trained")));
  EXPECT_THAT(model.excluded, IsEmpty()) << "what is not needed is not missing";
}

TEST(SequentialStudy, EndsUndecidedWithItsLastSeed) {
  StudyInputs inputs = sequential_study({{"a", 0.6}, {"b", 0.6}}, 12, 0.05);
  record(inputs);
  const Conclusions model = judged(inputs);
  ASSERT_EQ(model.sequential->looks.size(), 4u);
  EXPECT_TRUE(model.sequential->is_over);
  EXPECT_FALSE(model.sequential->looks.back().decided);
  EXPECT_EQ(model.verdict.standing, Standing::kInconclusive);
  EXPECT_THAT(model.verdict.remarks, Contains(HasSubstr("All 12 seeds did not decide it")));
}

TEST(SequentialStudy, OfVariantsThatAreEquivalentEndsEarly) {
  StudyInputs inputs = sequential_study({{"a", 0.6}, {"b", 0.6}}, 6, 0.002);
  inputs.study.study["margin"] = 0.1;
  const Conclusions model = judged(inputs);
  ASSERT_FALSE(model.sequential->looks.empty());
  EXPECT_TRUE(model.sequential->looks[0].decided);
  EXPECT_EQ(model.sequential->looks[0].remaining.size(), 2u);
  EXPECT_EQ(model.verdict.standing, Standing::kEquivalent);
}

TEST(SequentialStudy, DecidesTheSameWhenComputedAgain) {
  StudyInputs inputs = sequential_study({{"a", 0.8}, {"b", 0.4}, {"c", 0.79}}, 3);
  record(inputs);
  const core::Json first = inputs.study.study.at("looks");
  // Later trials, and another order of them, change nothing that was decided.
  StudyInputs later = sequential_study({{"a", 0.8}, {"b", 0.4}, {"c", 0.79}}, 6);
  std::reverse(later.trials.begin(), later.trials.end());
  later.study.study["looks"] = first;
  const Conclusions model = judged(later);
  EXPECT_THAT(model.sequential->contradicted, IsEmpty());
  ASSERT_GE(model.sequential->looks.size(), 2u);
  EXPECT_EQ(model.sequential->looks[0].recorded, "2026-11-29T10:00:00Z");
  EXPECT_EQ(model.sequential->looks[1].recorded, "");
  later.study.study["looks"][0]["remaining"] = {"b", "c"};
  const Conclusions edited = judged(later);
  EXPECT_THAT(edited.sequential->contradicted, ElementsAre(3));
  EXPECT_THAT(edited.verdict.remarks, Contains(HasSubstr("does not follow from the trials")));
}

TEST(SequentialStudy, WaitsForTrialsAndGoesOnWithoutThoseThatFailed) {
  StudyInputs inputs = sequential_study({{"a", 0.8}, {"b", 0.4}}, 3);
  inputs.trials[0].record.status = core::TrialStatus::kInterrupted;
  EXPECT_THAT(judged(inputs).sequential->looks, IsEmpty());
  inputs.trials[0].record.status = core::TrialStatus::kFailed;
  const Conclusions model = judged(inputs);
  ASSERT_EQ(model.sequential->looks.size(), 1u);
  EXPECT_EQ(model.sequential->looks[0].dropped.at(0).variant, "a") << "it has two complete trials";
  EXPECT_FALSE(model.sequential->looks[0].dropped.at(0).deficit);
}

TEST(SequentialStudy, JudgesClaimsByTheLookToo) {
  StudyInputs inputs = sequential_study({{"a", 0.8}, {"b", 0.4}}, 3);
  inputs.study.study["claims"] = {{{"candidate_id", "a"},
                                   {"reference_id", "b"},
                                   {"candidate_label", "a"},
                                   {"reference_label", "b"},
                                   {"metric", "pixel_accuracy"},
                                   {"better_by", 0.1}}};
  const ClaimResult claim = judged(inputs).claims.at(0);
  EXPECT_EQ(claim.outcome, "held");
  EXPECT_THAT(claim.why, HasSubstr("the whole 99.4% interval"));
}

}  // namespace
}  // namespace segbench::conclusions
