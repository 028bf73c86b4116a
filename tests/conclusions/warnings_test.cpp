// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using ::testing::HasSubstr;

TEST(Warnings, WarnsWhenScoresDoNotCompare) {
  TrialInputs other = trial_of("b", 1, 0.5);
  other.record.data_fingerprint = "else";
  const Conclusions model = conclusions_of({trial_of("a", 1, 0.5), other});
  ASSERT_EQ(model.warnings.size(), 1u);
  EXPECT_THAT(model.warnings[0].warning.message, HasSubstr("different data"));
  EXPECT_EQ(model.not_comparable.size(), 2u);
  EXPECT_EQ(model.verdict.standing, Standing::kNotComparable);
  EXPECT_TRUE(conclusions_of({trial_of("a", 1, 0.5), trial_of("b", 1, 0.5)}).warnings.empty());
}

TEST(Warnings, StandBesideTheVerdictAndWeakenIt) {
  StudyInputs inputs = study_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.51), trial_of("a", 3, 0.52),
                                 trial_of("b", 1, 0.6), trial_of("b", 2, 0.615), trial_of("b", 3, 0.625)});
  inputs.study.study["claims"] = {{{"candidate_id", "b"},
                                   {"reference_id", "a"},
                                   {"candidate_label", "b"},
                                   {"reference_label", "a"},
                                   {"metric", "pixel_accuracy"},
                                   {"better_by", 0.01}}};
  const Options options{.metric = "pixel_accuracy", .split = "test", .allowed = {}};
  const std::string plain = conclude(inputs, options).verdict.headline;
  inputs.warnings = {
      {"", "", "audit", {"near_duplicates", "Two images are nearly equal.", ""}},
      {"a-1", "a", "trial", {"stale_statistics", "60 % of the statistics are stale.", "Train longer."}},
      {"a-2", "a", "trial", {"stale_statistics", "61 % of the statistics are stale.", "Train longer."}},
      {"b-1", "b", "machine", {"blas", "OpenBLAS brings threads of its own.", ""}}};
  const Conclusions model = conclude(inputs, options);
  ASSERT_EQ(model.warnings.size(), 3u) << "one a kind and variant";
  EXPECT_EQ(model.verdict.headline, "With reservations (2 warnings): " + plain) << "threads touch no score";
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("may change who is ahead")));
  EXPECT_EQ(subject_of(model.warnings[1], model), "a, 2 trials");
  EXPECT_THAT(model.warnings[1].warning.message, HasSubstr("60 %"));
  EXPECT_THAT(model.warnings[1].warning.message, HasSubstr("1 more of this kind"));
  EXPECT_EQ(model.claims.at(0).outcome, "held");
  EXPECT_THAT(model.claims.at(0).why, HasSubstr("with reservations: 2 warnings"));
}

TEST(Warnings, SayOnceWhatIsTrueOfSeveralVariants) {
  StudyInputs inputs = study_of({trial_of("a", 1, 0.5), trial_of("b", 1, 0.6), trial_of("c", 1, 0.7)});
  inputs.warnings = {{"", "a", "plan", {"few_steps", "After 9 steps.", "Train longer."}},
                     {"", "b", "plan", {"few_steps", "After 9 steps.", "Train longer."}},
                     {"", "c", "plan", {"few_steps", "After 5 steps.", "Train longer."}},
                     {"", "a", "plan", {"large_batch", "Large.", ""}},
                     {"", "b", "plan", {"large_batch", "Large.", ""}},
                     {"", "c", "plan", {"large_batch", "Large.", ""}}};
  const Conclusions model = conclude(inputs, {.metric = "pixel_accuracy", .split = "test"});
  ASSERT_EQ(model.warnings.size(), 3U);
  EXPECT_EQ(subject_of(model.warnings[0], model), "a, b");
  EXPECT_EQ(model.warnings[0].warning.message, "After 9 steps.");
  EXPECT_EQ(subject_of(model.warnings[1], model), "c");
  EXPECT_EQ(subject_of(model.warnings[2], model), "all variants");
  EXPECT_EQ(warnings_about(model, {"c"}, true), 2U);
}

}  // namespace
}  // namespace segbench::conclusions
