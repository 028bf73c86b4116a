// SPDX-License-Identifier: MIT
#include "reports/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/error.h"
#include "reports/html/html.h"
#include "results/conclusions/summarise.h"
#include "tests/reports/report_fixture.h"

namespace segbench::reports {
namespace {

using ::testing::HasSubstr;

/// One complete trial whose every score is `accuracy`: two classes, right with that fraction of 1000 pixels
/// each.
TrialInputs trial_of(const std::string& variant, std::uint64_t seed, double accuracy) {
  TrialInputs trial;
  trial.record.trial_id = variant + "-" + std::to_string(seed);
  trial.record.variant_id = trial.record.variant_label = variant;
  trial.record.seed = seed;
  trial.record.status = core::TrialStatus::kComplete;
  trial.record.class_names = {"background", "thing"};
  trial.record.selected_epoch = 1;
  trial.record.train_seconds = 100 * accuracy;
  const std::int64_t right = std::llround(1000 * accuracy);
  store::EvaluationRecord evaluation;
  evaluation.trial_id = trial.record.trial_id;
  evaluation.epoch = 1;
  evaluation.counts = {{right, 1000 - right, 1000 - right}, {right, 1000 - right, 1000 - right}};
  for (const char* split : {"selection", "test"}) {
    evaluation.split = split;
    evaluation.weights = "selected";
    trial.evaluations.push_back(evaluation);
  }
  return trial;
}

StudyInputs study_of(const std::vector<TrialInputs>& trials) {
  StudyInputs inputs;
  inputs.study.name = "study";
  inputs.trials = trials;
  return inputs;
}

ReportModel model_of(const std::vector<TrialInputs>& trials) {
  return build_model(study_of(trials), {.metric = "pixel_accuracy", .split = "test"});
}

TEST(Summarise, LeavesOutUndefinedValuesAndSaysSo) {
  const Summary summary = conclusions::summarise({{"a", 1, 0.5}, {"b", 2, std::nullopt}, {"c", 3, 0.7}});
  EXPECT_THAT(summary.trials, ::testing::ElementsAre("a", "c"));
  EXPECT_DOUBLE_EQ(*summary.mean, 0.6);
  EXPECT_EQ(summary.why_undefined, "undefined in 1 of 3 trials");
  EXPECT_FALSE(conclusions::summarise({}).mean);
  EXPECT_FALSE(conclusions::summarise({{"a", 1, NAN}}).mean) << "not a number is undefined, not a number";
}

TEST(Summarise, GivesNoIntervalToASingleTrial) {
  const Summary summary = conclusions::summarise({{"a", 1, 0.5}});
  EXPECT_FALSE(summary.interval);
  EXPECT_FALSE(summary.deviation);
  EXPECT_EQ(summary.why_undefined, "one trial has no interval");
}

TEST(Summarise, MatchesStudentsT) {
  const Summary s = conclusions::summarise({{"a", 1, 1.0}, {"b", 2, 2.0}, {"c", 3, 3.0}});
  EXPECT_NEAR(s.interval->low, 2 - 4.302652729911275 / std::sqrt(3.0), 1e-9);  // t(0.975, 2)
  EXPECT_NEAR(*s.expected_best, 1.0 / 27 + 2 * 7.0 / 27 + 3 * 19.0 / 27, 1e-12);
  const Summary loss =
      conclusions::summarise({{"a", 1, 1.0}, {"b", 2, 2.0}, {"c", 3, 3.0}}, /*higher_is_better=*/false);
  EXPECT_EQ(loss.best, 1.0);
  EXPECT_NEAR(*loss.expected_best, 4 - *s.expected_best, 1e-12) << "small is good: mirrored";
}

TEST(Model, RanksByMeanAndPairsBySeed) {
  const ReportModel model =
      model_of({trial_of("low", 1, 0.5), trial_of("low", 2, 0.52), trial_of("low", 3, 0.51),
                trial_of("high", 1, 0.6), trial_of("high", 2, 0.63), trial_of("high", 4, 0.7)});
  ASSERT_EQ(model.leaderboard.size(), 2u);
  EXPECT_EQ(model.leaderboard[0].id, "high");
  EXPECT_NEAR(*model.leaderboard[0].score.mean, (0.6 + 0.63 + 0.7) / 3, 1e-12);
  ASSERT_EQ(model.to_best.size(), 1u);
  EXPECT_THAT(model.to_best[0].seeds, ::testing::ElementsAre(1u, 2u)) << "only seeds that both have";
  EXPECT_NEAR(model.to_best[0].difference.values[0], -0.1, 1e-12);
  EXPECT_THAT(model.to_best[0].reference_trials, ::testing::ElementsAre("high-1", "high-2"));
}

TEST(Verdict, NeedsThreeCommonSeeds) {
  const ReportModel model =
      model_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.5), trial_of("b", 1, 0.9), trial_of("b", 2, 0.91)});
  EXPECT_EQ(model.verdict.standing, Standing::kTooFewSeeds);
  EXPECT_THAT(model.verdict.headline, HasSubstr("No verdict"));
}

TEST(Verdict, SaysWhoIsAheadAndByHowMuch) {
  const ReportModel model =
      model_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.51), trial_of("a", 3, 0.52), trial_of("b", 1, 0.6),
                trial_of("b", 2, 0.615), trial_of("b", 3, 0.625)});
  EXPECT_EQ(model.verdict.standing, Standing::kAhead);
  EXPECT_EQ(model.verdict.leader, "b");
  EXPECT_THAT(model.verdict.headline, HasSubstr("0.1033 ahead of a"));
  EXPECT_THAT(model.verdict.headline, HasSubstr("3 seeds"));
}

TEST(Verdict, AdmitsThatTrialsDoNotTellTwoApart) {
  const ReportModel model = model_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.6), trial_of("a", 3, 0.55),
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
  const ReportModel model = build_model(study_of(trials), {.metric = "loss", .split = "test"});
  EXPECT_EQ(model.verdict.leader, "a");
  EXPECT_EQ(model.verdict.standing, Standing::kAhead);
  EXPECT_THAT(model.verdict.headline, HasSubstr("a has the lowest mean loss"));
  EXPECT_DOUBLE_EQ(*model.leaderboard[0].score.best, 0.21);
}

TEST(Model, LeavesUndefinedClassesUndefined) {
  std::vector<TrialInputs> trials = {trial_of("a", 1, 0.5), trial_of("a", 2, 0.6)};
  for (TrialInputs& trial : trials) {
    trial.record.class_names.push_back("ghost");
    for (auto& evaluation : trial.evaluations) evaluation.counts.push_back({0, 0, 0});
  }
  const ReportModel model = model_of(trials);
  const ClassScore& ghost = model.leaderboard[0].classes.at(2);
  EXPECT_FALSE(ghost.iou.mean);
  EXPECT_THAT(ghost.iou.why_undefined, HasSubstr("neither in the ground truth nor in a prediction"));
  EXPECT_TRUE(to_json(model)["leaderboard"][0]["classes"][2]["iou"]["mean"].is_null());
}

TEST(Model, ShowsTheMedianTrialAndTheLowerOfTwo) {
  EXPECT_EQ(model_of({trial_of("a", 1, 0.9), trial_of("a", 2, 0.5), trial_of("a", 3, 0.7)})
                .leaderboard[0]
                .shown_trial,
            "a-3");
  EXPECT_EQ(model_of({trial_of("a", 1, 0.9), trial_of("a", 2, 0.5)}).leaderboard[0].shown_trial, "a-2");
}

TEST(Model, CountsNoFailedTrialAndNamesIt) {
  TrialInputs failed = trial_of("a", 3, 0.99);
  failed.record.status = core::TrialStatus::kFailed;
  failed.record.reason = core::FailureReason::kDiverged;
  failed.record.message = "loss is nan";
  const ReportModel model = model_of({trial_of("a", 1, 0.5), trial_of("a", 2, 0.5), failed});
  EXPECT_EQ(model.complete, 2);
  EXPECT_EQ(model.planned, 3);
  EXPECT_DOUBLE_EQ(*model.leaderboard[0].score.mean, 0.5);
  ASSERT_EQ(model.excluded.size(), 1u);
  EXPECT_EQ(model.excluded[0].reason, "diverged");
}

TEST(Model, WorksWithoutAnyCompleteTrial) {
  TrialInputs running = trial_of("a", 1, 0.5);
  running.record.status = core::TrialStatus::kRunning;
  running.evaluations.clear();
  const ReportModel model = model_of({running});
  EXPECT_EQ(model.complete, 0);
  EXPECT_EQ(model.verdict.standing, Standing::kNothingToCompare);
  EXPECT_FALSE(model.leaderboard.at(0).score.mean);
  EXPECT_TRUE(build_model(study_of({})).leaderboard.empty());
}

TEST(Model, WarnsWhenScoresDoNotCompare) {
  TrialInputs other = trial_of("b", 1, 0.5);
  other.record.data_fingerprint = "else";
  const ReportModel model = model_of({trial_of("a", 1, 0.5), other});
  ASSERT_EQ(model.warnings.size(), 1u);
  EXPECT_THAT(model.warnings[0].warning.message, HasSubstr("different data"));
  EXPECT_EQ(model.not_comparable.size(), 2u);
  EXPECT_EQ(model.verdict.standing, Standing::kNotComparable);
  EXPECT_TRUE(model_of({trial_of("a", 1, 0.5), trial_of("b", 1, 0.5)}).warnings.empty());
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
  const conclusions::Options options{.metric = "pixel_accuracy", .split = "test"};
  const std::string plain = build_model(inputs, options).verdict.headline;
  inputs.warnings = {
      {"", "", "audit", {"near_duplicates", "Two images are nearly equal.", ""}},
      {"a-1", "a", "trial", {"stale_statistics", "60 % of the statistics are stale.", "Train longer."}},
      {"a-2", "a", "trial", {"stale_statistics", "61 % of the statistics are stale.", "Train longer."}},
      {"b-1", "b", "machine", {"blas", "OpenBLAS brings threads of its own.", ""}}};
  const ReportModel model = build_model(inputs, options);
  ASSERT_EQ(model.warnings.size(), 3u) << "one a kind and variant";
  EXPECT_EQ(model.verdict.headline, "With reservations (2 warnings): " + plain) << "threads touch no score";
  EXPECT_THAT(model.verdict.remarks, ::testing::Contains(HasSubstr("may change who is ahead")));
  EXPECT_EQ(subject_of(model.warnings[1], model), "a, 2 trials");
  EXPECT_THAT(model.warnings[1].warning.message, HasSubstr("60 %"));
  EXPECT_THAT(model.warnings[1].warning.message, HasSubstr("1 more of this kind"));
  EXPECT_EQ(model.claims.at(0).outcome, "held");
  EXPECT_THAT(model.claims.at(0).why, HasSubstr("with reservations: 2 warnings"));
}

TEST(Model, TellsOfAttemptsThatFailedAndOfNoGradeThatNobodyFound) {
  std::vector<TrialInputs> trials = {trial_of("a", 1, 0.5), trial_of("a", 2, 0.6)};
  for (TrialInputs& trial : trials) trial.record.environment["determinism"] = {{"grade", "bitwise"}};
  store::AttemptRecord crashed, complete;
  crashed.attempt = 1, crashed.status = "failed", crashed.reason = "crashed", crashed.message = "signal 11";
  complete.attempt = 2, complete.status = "complete";
  trials[0].attempts = {crashed, complete};
  const ReportModel model = model_of(trials);
  ASSERT_EQ(model.failed_attempts.size(), 1u);
  EXPECT_EQ(model.failed_attempts[0].message, "signal 11");
  EXPECT_TRUE(model.excluded.empty());
  const std::string page = excluded_html(model);
  EXPECT_THAT(page, HasSubstr("signal 11"));
  EXPECT_THAT(page, ::testing::Not(HasSubstr("Nothing")));
  EXPECT_THAT(to_json(model)["measurement"]["environment"].dump(), ::testing::Not(HasSubstr("bitwise")));
}

TEST(Model, RefusesUnknownMetricsAndSplits) {
  const StudyInputs inputs = study_of({trial_of("a", 1, 0.5)});
  try {
    build_model(inputs, {.metric = "mioo", .split = "test"});
    FAIL();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"miou\"?"));
  }
  EXPECT_THROW(build_model(inputs, {.metric = "miou", .split = "train"}), core::UserError);
}

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
  return build_model(inputs, {.metric = "pixel_accuracy", .split = "test"}).claims.at(0).outcome;
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
  EXPECT_EQ(build_model(inputs).claims.at(0).outcome, "not decided");
}

TEST(Model, LoadsAWholeStudyFromTheStore) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  const ReportModel model = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  EXPECT_EQ(model.complete, 9);
  EXPECT_EQ(model.leaderboard.at(0).label, "full");
  EXPECT_EQ(model.claims.size(), 2u) << "one line a condition";
  EXPECT_EQ(model.published.at(0).value, 788.4);
  EXPECT_EQ(model.loss_curves.at(0).points.size(), 6u);
  EXPECT_EQ(model.measurement.audit_warnings.at(0), "a.png: stands in train and test");
  EXPECT_THROW(conclusions::load_inputs(store, study.runs.path(), "sizer"), core::UserError);
}

}  // namespace
}  // namespace segbench::reports
