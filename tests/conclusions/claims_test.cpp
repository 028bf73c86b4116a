// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

// Claims: candidate a, reference b, a margin; three seeds.

std::string outcome(const std::vector<double>& a, const std::vector<double>& b, const core::Json& condition) {
  std::vector<TrialInputs> trials;
  for (std::size_t i = 0; i < a.size(); ++i) {
    trials.push_back(trial_of("a", i, a[i]));
    trials.push_back(trial_of("b", i, b[i]));
  }
  StudyInputs inputs = study_of(trials);
  core::Json claim = {{"candidate_id", "a"},
                      {"reference_id", "b"},
                      {"candidate_label", "a"},
                      {"reference_label", "b"},
                      {"metric", "pixel_accuracy"}};
  claim.update(condition);
  inputs.study.study["claims"] = {claim};
  return conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}}).claims.at(0).outcome;
}

TEST(Claims, AreDecidedByTheWholeInterval) {
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.5, 0.51, 0.521}, {{"not_worse_by", 0.01}}), "held");
  EXPECT_EQ(outcome({0.4, 0.41, 0.42}, {0.5, 0.51, 0.521}, {{"not_worse_by", 0.01}}), "refuted");
  EXPECT_EQ(outcome({0.4, 0.6, 0.5}, {0.5, 0.5, 0.5}, {{"not_worse_by", 0.01}}), "inconclusive");
  EXPECT_EQ(outcome({0.5, 0.51}, {0.5, 0.51}, {{"not_worse_by", 0.01}}), "not decided");
  EXPECT_EQ(outcome({0.6, 0.61, 0.62}, {0.5, 0.51, 0.521}, {{"better_by", 0.05}}), "held");
  EXPECT_EQ(outcome({0.6, 0.61, 0.62}, {0.5, 0.51, 0.521}, {{"better_by", 0.2}}), "refuted");
}

TEST(Claims, CompareTimesAsShares) {  // the made-up training time is 100 s times the accuracy
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.9, 0.91, 0.92}, {{"faster_by", 0.15}}), "held");
  EXPECT_EQ(outcome({0.9, 0.91, 0.92}, {0.5, 0.51, 0.52}, {{"faster_by", 0.15}}), "refuted");
}

TEST(Claims, OfEquivalenceNeedTheWholeIntervalWithin) {
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.5, 0.51, 0.521}, {{"equivalent_within", 0.01}}), "held");
  EXPECT_EQ(outcome({0.6, 0.61, 0.62}, {0.5, 0.51, 0.521}, {{"equivalent_within", 0.01}}), "refuted");
  EXPECT_EQ(outcome({0.4, 0.6, 0.5}, {0.5, 0.5, 0.5}, {{"equivalent_within", 0.01}}), "inconclusive");
}

TEST(Claims, MaySpeakOfOneClass) {
  // pixel accuracy 0.5 gives both classes the IoU 1/3
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.4, 0.41, 0.421}, {{"better_by", 0.05}, {"class", "thing"}}),
            "held");
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.4, 0.41, 0.421}, {{"better_by", 0.05}, {"class", "nothing"}}),
            "not decided");
}

TEST(Claims, OfSizeNeedNoSeeds) {
  std::vector<TrialInputs> trials = {trial_of("a", 1, 0.5), trial_of("b", 1, 0.5)};
  trials[0].record.measures = {{"parameters", 50.0}, {"macs", 90.0}};
  trials[1].record.measures = {{"parameters", 100.0}, {"macs", 100.0}};
  StudyInputs inputs = study_of(trials);
  core::Json claim = {{"candidate_id", "a"},
                      {"reference_id", "b"},
                      {"candidate_label", "a"},
                      {"reference_label", "b"},
                      {"smaller_by", 0.4}};
  core::Json of_macs = claim;
  of_macs["size"] = "macs";
  inputs.study.study["claims"] = {claim, of_macs};
  const std::vector<ClaimResult> claims =
      conclude(inputs, {.metric = "miou", .split = "test", .allowed = {}}).claims;
  ASSERT_EQ(claims.size(), 2u);
  EXPECT_EQ(claims[0].outcome, "held");
  EXPECT_EQ(claims[0].claim, 1u);
  EXPECT_EQ(claims[1].outcome, "refuted");
  EXPECT_EQ(claims[1].claim, 2u);
}

TEST(Claims, RefuseWhatIsNotComparableUnlessItIsAllowed) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    trials.push_back(trial_of("a", seed, 0.6 + 0.001 * static_cast<double>(seed)));
    trials.push_back(trial_of("b", seed, 0.5));
    trials.back().record.environment["precision"] = "bfloat16";
    trials.front().record.environment["precision"] = "float32";
  }
  StudyInputs inputs = study_of(trials);
  inputs.study.study["claims"] = {{{"candidate_id", "a"},
                                   {"reference_id", "b"},
                                   {"candidate_label", "a"},
                                   {"reference_label", "b"},
                                   {"metric", "miou"},
                                   {"better_by", 0.01}}};
  const ClaimResult refused =
      conclude(inputs, {.metric = "miou", .split = "test", .allowed = {}}).claims.at(0);
  EXPECT_EQ(refused.outcome, "not comparable");
  EXPECT_THAT(refused.why, testing::HasSubstr("differ in precision (`segbench check --allow precision`"));
  EXPECT_EQ(
      conclude(inputs, {.metric = "miou", .split = "test", .allowed = {"precision"}}).claims.at(0).outcome,
      "held");
}

TEST(Claims, SayWhenTheStudyHasNoSuchVariant) {
  StudyInputs inputs = study_of({trial_of("a", 1, 0.5)});
  inputs.study.study["claims"] = {{{"candidate_id", "a"},
                                   {"reference_id", "gone"},
                                   {"candidate_label", "a"},
                                   {"reference_label", "gone"},
                                   {"metric", "miou"},
                                   {"better_by", 0.1}}};
  EXPECT_EQ(conclude(inputs).claims.at(0).outcome, "not decided");
}

}  // namespace
}  // namespace segbench::conclusions
