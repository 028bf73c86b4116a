// SPDX-License-Identifier: MIT
#include "results/profiles/conclude.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "tests/profiles/made_up_log.h"

namespace segbench::profiles {
namespace {

using tests::made_up_log;

// The same model under two, or five, names: "no difference" for all of them in at least 95 of 100 profiles.
TEST(Verdicts, OfTheSameModelUnderTwoNamesAreNoDifference) {
  for (const std::size_t names : {2U, 5U}) {
    int clean = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
      const ProfileResults results = conclude(made_up_log(std::vector<double>(names, 0.01), seed));
      bool all = true;
      for (std::size_t i = 1; i < names; ++i) all = all && results.rows[i].verdict == Verdict::kNoDifference;
      clean += all ? 1 : 0;
    }
    EXPECT_GE(clean, 380) << names << " names";
  }
}

TEST(Verdicts, RecoverAKnownSlowDownInsideTheirInterval) {
  int inside = 0, slower = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ProfileResults results = conclude(made_up_log({0.01, 0.013}, seed));
    const RowResult& row = results.rows[1];
    inside += row.ratio->interval->low <= 1.3 && 1.3 <= row.ratio->interval->high;
    slower += row.verdict == Verdict::kSlower;
  }
  EXPECT_GE(inside, 376);
  EXPECT_EQ(slower, 400) << "30 % are seen in spite of a drift of 20 %, since rounds are paired";
}

TEST(Verdicts, SayWhatIsFaster) {
  const ProfileResults results = conclude(made_up_log({0.02, 0.01, 0.04}, 1));
  EXPECT_EQ(results.rows[0].verdict, Verdict::kReference);
  EXPECT_EQ(results.rows[1].verdict, Verdict::kFaster);
  EXPECT_NEAR(results.rows[1].ratio->value, 0.5, 0.05);
  EXPECT_EQ(results.rows[2].verdict, Verdict::kSlower);
  EXPECT_GT(results.rows[2].ratio->interval->low, 1);
  EXPECT_EQ(results.rows[2].reference, "row0");
  EXPECT_EQ(conclude(made_up_log({0.02, 0.01, 0.04}, 1), "model 2").rows[0].reference, "row2");
  EXPECT_THROW(conclude(made_up_log({0.02}, 1), "model 9"), core::UserError);
}

TEST(Verdicts, CompareOnlyTheSameWork) {
  ProfileLog log = made_up_log({0.02, 0.01, 0.015}, 1);
  log.rows[1].facts["batch"] = 8;
  const ProfileResults results = conclude(log);
  EXPECT_EQ(results.rows[1].reference, "row1");
  EXPECT_EQ(results.rows[2].reference, "row0");
}

TEST(Verdicts, CompareEachNetworkWithTheEngineThatIsNamed) {
  ProfileLog log = made_up_log({0.02, 0.01, 0.04, 0.03, 0.05}, 1);
  for (std::size_t i = 0; i < 4; ++i) {
    log.rows[i].facts["network"] = i < 2 ? "a" : "b";
    log.rows[i].facts["engine"] = i % 2 == 0 ? "eager" : "plan";
  }
  log.rows[4].facts["network"] = "c";  // which that engine has not executed
  log.rows[4].facts["engine"] = "eager";
  const ProfileResults results = conclude(log, "plan");
  EXPECT_EQ(results.rows[0].reference, "row1");
  EXPECT_EQ(results.rows[1].verdict, Verdict::kReference);
  EXPECT_EQ(results.rows[2].reference, "row3");
  EXPECT_NEAR(results.rows[2].ratio->value, 4.0 / 3, 0.2);
  EXPECT_EQ(results.rows[4].reference, "row4") << "its own network rather than another one";
}

TEST(Verdicts, PairOnlyRoundsThatBothHave) {
  ProfileLog log = made_up_log({0.02, 0.01}, 1, 12);
  log.rows[1].visits.resize(7);
  EXPECT_EQ(conclude(log).rows[1].ratio->rounds, 7);
}

TEST(Summaries, AreBlankWhereTheSampleIsTooSmall) {
  const RowResult row = conclude(made_up_log({0.02}, 1, 12, 5)).rows[0];  // 60 iterations
  EXPECT_TRUE(row.p90_s.has_value());
  EXPECT_FALSE(row.p95_s.has_value());
  EXPECT_FALSE(row.p99_s.has_value());
  EXPECT_TRUE(conclude(made_up_log({0.02}, 1, 100, 5)).rows[0].p99_s.has_value());
  EXPECT_NEAR(*row.throughput, 2 / *row.median_s, 1e-9);
  EXPECT_FALSE(row.end_to_end_s.has_value()) << "the engine told no stages";
  EXPECT_FALSE(conclude(made_up_log({0.02}, 1, 5)).rows[0].median_interval.has_value());
}

TEST(Summaries, AddTheStagesUp) {
  ProfileLog log = made_up_log({0.02}, 1);
  for (Visit& visit : log.rows[0].visits)
    visit.stages["argmax"] = std::vector<double>(visit.seconds.size(), 1.0);
  const RowResult row = conclude(log).rows[0];
  EXPECT_NEAR(*row.end_to_end_s, *row.median_s + 1, 1e-9);
}

TEST(DisturbedRounds, CountUnlessTheyAreLeftOut) {
  ProfileLog log = made_up_log({0.02, 0.02}, 1, 20);
  for (std::size_t i = 10; i < 20; ++i) {
    Visit& visit = log.rows[1].visits[i];
    visit.disturbed = true;
    for (double& seconds : visit.seconds) seconds *= 3;
  }
  for (Visit& visit : log.rows[1].visits)
    visit.stages["argmax"] = std::vector<double>(visit.seconds.size(), visit.disturbed ? 2 : 1);
  const RowResult with = conclude(log).rows[1];
  leave_out_disturbed(log);
  const RowResult without = conclude(log).rows[1];
  EXPECT_EQ(with.disturbed, 10);
  EXPECT_EQ(with.rounds, 20);
  EXPECT_EQ(with.verdict, Verdict::kSlower);
  EXPECT_DOUBLE_EQ(with.stages.at("argmax"), 1.5);
  EXPECT_EQ(without.disturbed, 10);
  EXPECT_EQ(without.rounds, 10);
  EXPECT_DOUBLE_EQ(without.stages.at("argmax"), 1) << "of all that a row tells";
  EXPECT_LT(*without.end_to_end_s, 1.04);
  EXPECT_EQ(without.verdict, Verdict::kNoDifference);
}

TEST(FailedRows, HaveNoTimesAndNoVerdict) {
  ProfileLog log = made_up_log({0.02, 0.01}, 1);
  log.rows[0].failure = "it was killed by signal 9";
  const ProfileResults results = conclude(log);
  EXPECT_FALSE(results.rows[0].median_s.has_value());
  EXPECT_EQ(results.rows[0].verdict, Verdict::kUnknown);
  EXPECT_EQ(results.rows[1].verdict, Verdict::kReference) << "the first row that was measured";
  EXPECT_TRUE(results.rows[1].best);
  EXPECT_FALSE(results.rows[0].best);
}

TEST(Labels, SayWhatDiffers) {
  const core::Json one = made_up_log({1}, 1).rows[0].facts;
  core::Json other = one, third = one;
  other["batch"] = 8, other["engine"] = "plan";
  EXPECT_THAT(row_labels({one, other}),
              testing::ElementsAre("model 0, eager, batch 2", "model 0, plan, batch 8"));
  EXPECT_THAT(row_labels({one, third}), testing::ElementsAre("model 0, eager", "model 0, eager (2)"));
}

TEST(Conclude, ScoresARowThatCountedByItself) {
  ProfileLog log = tests::made_up_log({0.1, 0.2}, 1);
  log.rows[1].score = core::Json{
      {"split", "test"}, {"background", 0}, {"tp", {50, 30, 0}}, {"fp", {10, 0, 10}}, {"fn", {0, 10, 10}}};
  const ProfileResults results = conclude(log);
  EXPECT_FALSE(results.rows[0].score.has_value());
  EXPECT_EQ(results.rows[1].metric, "miou_no_background");
  EXPECT_DOUBLE_EQ(*results.rows[1].score, (30.0 / 40 + 0) / 2);
  log.rows[1].score->at("background") = nullptr;
  RowResult row = conclude(log).rows[1];
  EXPECT_EQ(row.metric, "miou");
  EXPECT_EQ(row.split, "test");
  set_score(row, "pixel_accuracy");  // what its study selects by
  EXPECT_DOUBLE_EQ(*row.score, 80.0 / 100);
  EXPECT_EQ(row.metric, "pixel_accuracy");
  set_score(row, "loss");
  EXPECT_FALSE(row.score.has_value()) << "counts do not tell it";
}

}  // namespace
}  // namespace segbench::profiles
