// SPDX-License-Identifier: MIT
#include "results/profiles/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "results/profiles/budget.h"
#include "results/profiles/roofline.h"
#include "tests/profiles/made_up_log.h"

namespace segbench::profiles {
namespace {

using tests::made_up_log;

ProfileResults profile_of(const std::vector<double>& seconds, std::uint64_t seed, const char* session,
                          int rounds = 60) {
  ProfileLog log = made_up_log(seconds, seed, rounds);
  log.header["session"] = session;
  log.header["machine"] = {{"host", "h"}, {"cpu", "c"}};
  return conclude(log);
}

TEST(Gate, TellsWhatHasBecomeSlower) {
  const core::Json baseline = to_json(profile_of({0.01, 0.02, 0.03}, 1, "then"));
  const std::vector<GateRow> rows =
      compare_with_baseline(profile_of({0.01, 0.04, 0.03 * 1.1}, 2, "now"), baseline, 0.3);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].gate, Gate::kHolds);
  EXPECT_EQ(rows[1].gate, Gate::kSlower);
  EXPECT_NEAR(*rows[1].ratio, 2, 0.3);
  EXPECT_EQ(rows[2].gate, Gate::kHolds) << "10 % are within the tolerance";
}

TEST(Gate, IsUndecidedWhereRoundsAreFewOrNoisy) {
  const core::Json baseline = to_json(profile_of({0.01}, 1, "then", 3));
  EXPECT_EQ(compare_with_baseline(profile_of({0.0105}, 2, "now", 3), baseline, 0.05)[0].gate,
            Gate::kUndecided);
}

TEST(Gate, CountsAFailedAndAMissingRowAsSlower) {
  const core::Json baseline = to_json(profile_of({0.01, 0.02}, 1, "then"));
  ProfileResults now = profile_of({0.01, 0.02}, 2, "now");
  now.rows[0].failure = "it crashed";
  now.rows.pop_back();
  const std::vector<GateRow> rows = compare_with_baseline(now, baseline, 0.05);
  EXPECT_EQ(rows[0].gate, Gate::kSlower);
  EXPECT_EQ(rows[0].why, "it failed: it crashed");
  EXPECT_EQ(rows[1].gate, Gate::kSlower);
}

TEST(Gate, ComparesOneSessionAlone) {
  const ProfileResults now = profile_of({0.01}, 1, "now");
  EXPECT_TRUE(why_not_comparable(now, to_json(now)).empty());
  core::Json other = to_json(profile_of({0.01}, 1, "then"));
  EXPECT_THAT(why_not_comparable(now, other), testing::ElementsAre("another session (then then, now now)"));
  other["machine"]["cpu"] = "d";
  EXPECT_EQ(why_not_comparable(now, other).size(), 2U);
  EXPECT_THROW(compare_with_baseline(now, {{"rows", {1}}}, 0.05), core::UserError);
}

TEST(Gate, HoldsNothingAgainstNothing) {
  const ProfileResults now = profile_of({0.01}, 1, "now");
  core::Json failed = to_json(now);
  failed["rows"][0]["failure"] = "it crashed";
  EXPECT_THROW(compare_with_baseline(now, failed, 0.05), core::UserError);
}

TEST(Gate, HoldsEachOfTheSameRowsAgainstItsOwn) {
  const auto twice = [](const std::vector<double>& seconds, std::uint64_t seed) {
    ProfileLog log = made_up_log(seconds, seed, 60);
    log.rows[1].facts = log.rows[0].facts;  // the same network under two names
    return conclude(log);
  };
  const std::vector<GateRow> rows =
      compare_with_baseline(twice({0.01, 0.04}, 2), to_json(twice({0.01, 0.02}, 1)), 0.3);
  EXPECT_EQ(rows[0].gate, Gate::kHolds);
  EXPECT_EQ(rows[1].gate, Gate::kSlower);
}

TEST(Budgets, AreTimesAndMemories) {
  EXPECT_DOUBLE_EQ(*parse_budget("10ms").seconds, 0.01);
  EXPECT_DOUBLE_EQ(*parse_budget("0.2s").seconds, 0.2);
  EXPECT_DOUBLE_EQ(*parse_budget("2GB").bytes, 2e9);
  for (const char* wrong : {"10", "ms", "-1ms", "10 ms", "1TB"})
    EXPECT_THROW(parse_budget(wrong), core::UserError) << wrong;
}

TEST(Budgets, NameTheBestInsideThem) {
  ProfileResults results = profile_of({0.01, 0.02, 0.04, 0.08}, 1, "now");
  for (std::size_t i = 0; i < 4; ++i)
    results.rows[i].score = 0.5 + 0.1 * static_cast<double>(i), results.rows[i].metric = "miou";
  const double border = results.rows[2].median_interval->low * 1.001;
  const BudgetAnswer answer = inside_budget(results, {.seconds = border});
  ASSERT_EQ(answer.inside.size(), 2U);
  EXPECT_EQ(answer.inside[0]->label, results.rows[1].label) << "the better one of two that fit";
  ASSERT_EQ(answer.perhaps.size(), 1U);
  EXPECT_EQ(answer.perhaps[0]->label, results.rows[2].label) << "its interval holds the budget";
  EXPECT_EQ(answer.ranked_by, "miou");
  results.rows[1].peak_bytes = 1'000'000, results.rows[0].peak_bytes = 3'000'000;
  EXPECT_EQ(inside_budget(results, {.bytes = 2e6}).inside.size(), 1U);
}

TEST(Budgets, RankByScoreAndKeepTheFront) {
  ProfileResults results = profile_of({0.01, 0.02, 0.04}, 1, "now");
  EXPECT_TRUE(front(results).empty());
  results.rows[0].score = 0.6, results.rows[1].score = 0.5, results.rows[2].score = 0.7;
  ASSERT_EQ(front(results).size(), 2U);
  EXPECT_EQ(front(results)[1]->label, results.rows[2].label);
  for (RowResult& row : results.rows) row.metric = "loss";
  ASSERT_EQ(front(results).size(), 2U);
  EXPECT_EQ(front(results)[1]->label, results.rows[1].label) << "a smaller loss is better";
  EXPECT_EQ(inside_budget(results, {.seconds = 1}).inside[0]->label, results.rows[1].label);
}

// 2 MACs 1e9 of a batch of 2 are 4e9 operations: 0.04 s at 1e11 a second; 4 bytes of (1e6 + 2 * 3e6) numbers
// are 2.8e7 bytes: 0.0028 s at 1e10.
TEST(Roofline, IsTheLongerOfBothCeilings) {
  ProfileLog log = made_up_log({0.08}, 1);
  log.header["machine"]["ceilings"] = {{"flops_per_s", 1e11}, {"bytes_per_s", 1e10}};
  log.header["networks"] = {
      {{"parameters", 1e6},
       {"macs", 1e9},
       {"layers",
        {{{"name", "conv"}, {"kind", "conv"}, {"macs", 1e9}, {"weights", 1e6}, {"read", 1e6}, {"made", 2e6}},
         {{"name", "pool"},
          {"kind", "max_pool"},
          {"macs", 0},
          {"weights", 0},
          {"read", 2e6},
          {"made", 5e5}}}}}};
  EXPECT_FALSE(roof_of(log, log.rows[0])) << "the row does not say which network";
  log.rows[0].facts["network_index"] = 0;
  log.rows[0].layers = {{"conv", {0.05, 0.06, 0.07}}, {"conv.relu", {0.01, 0.01, 0.01}}};
  const Roof roof = *roof_of(log, log.rows[0]);
  ASSERT_EQ(roof.layers.size(), 2U);
  EXPECT_DOUBLE_EQ(roof.layers[0].least_s, 0.04);
  EXPECT_FALSE(roof.layers[0].by_memory);
  EXPECT_DOUBLE_EQ(roof.layers[0].intensity, 4e9 / 2.8e7);
  EXPECT_DOUBLE_EQ(*roof.layers[0].measured_s, 0.07) << "with its activation";
  EXPECT_DOUBLE_EQ(roof.layers[1].least_s, 4 * 2 * 2.5e6 / 1e10);
  EXPECT_TRUE(roof.layers[1].by_memory);
  const RowResult row = conclude(log).rows[0];
  EXPECT_NEAR(*row.of_roofline, 0.042 / *row.median_s, 1e-9);
  EXPECT_NEAR(*row.flops_per_s, 4e9 / *row.median_s, 1);
  log.rows.push_back(log.rows[0]);
  log.rows[1].facts["threads"] = 4;
  EXPECT_FALSE(roof_of(log, log.rows[1])) << "the ceilings are those of the first row's threads";
  log.rows[1].facts["threads"] = log.rows[0].facts["threads"], log.rows[1].facts["device"] = "cuda";
  EXPECT_FALSE(roof_of(log, log.rows[1])) << "and of its device";
  log.rows[0].facts["precision"] = "bfloat16";
  EXPECT_FALSE(roof_of(log, log.rows[0])) << "the ceilings are float32's";
}

}  // namespace
}  // namespace segbench::profiles
