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
  return conclude(inputs, {.metric = "pixel_accuracy", .split = "test"}).claims.at(0).outcome;
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
