// SPDX-License-Identifier: MIT
#include "reports/profile/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reports/profile/figures.h"
#include "tests/profiles/made_up_log.h"

namespace segbench::reports {
namespace {

using core::Json;
using testing::HasSubstr;
using testing::Not;

/// Two networks of two engines, at two batches: "fast" takes half the time of "eager", but fails once.
profiles::ProfileLog two_engines() {
  profiles::ProfileLog log = profiles::tests::made_up_log({0.1, 0.05, 0.2, 0.1, 0.4, 0.2, 1.6, 0.8}, 3);
  for (std::size_t i = 0; i < 8; ++i) {
    Json& facts = log.rows[i].facts;
    facts["model"] = i < 4 ? "small" : "full";
    facts["network"] = {{"model", facts["model"]}};
    facts["engine"] = i % 2 == 0 ? "eager" : "fast";
    facts["batch"] = i % 4 < 2 ? 1 : 8;
  }
  log.rows[7].failure = "it was killed by signal 11";
  return log;
}

/// The values of a row in a column.
Json value(const text::Table& table, std::size_t row, const std::string& key) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].key == key) return table.rows.at(row).at(c).value;
  }
  return "no such column";
}

TEST(ProfileTables, NameNetworkAndEngineOfEachRow) {
  const text::Table table = profile_table(profiles::conclude(two_engines()));
  ASSERT_EQ(table.rows.size(), 8U);
  EXPECT_EQ(value(table, 1, "row"), "small, fast, batch 1");
  EXPECT_EQ(value(table, 1, "network"), "small, batch 1");
  EXPECT_EQ(value(table, 1, "engine"), "fast");
  EXPECT_EQ(value(table, 7, "verdict"), "failed");
  EXPECT_EQ(value(table, 7, "failure"), "it was killed by signal 11");
  const std::string shown = text::to_text(table, 80);
  EXPECT_THAT(shown, Not(HasSubstr("score"))) << "nobody has one";
  EXPECT_THAT(text::to_csv(table), HasSubstr("score"));
}

TEST(ProfileTables, SayHowLargeADifferenceThatWasNotFoundCouldBe) {
  const text::Table table = profile_table(profiles::conclude(profiles::tests::made_up_log({0.1, 0.1}, 1)));
  EXPECT_THAT(value(table, 1, "verdict").get<std::string>(),
              testing::MatchesRegex("no difference \\(±[0-9.]+ %\\)"));
}

TEST(ProfileTables, TellWhatAutoTakesAndWhatEachEngineIsWorth) {
  const profiles::ProfileResults results = profiles::conclude(two_engines());
  const text::Table choices = choices_table(results);
  ASSERT_EQ(choices.rows.size(), 4U);
  EXPECT_EQ(value(choices, 0, "engine"), "fast");
  EXPECT_NEAR(value(choices, 0, "times_as_fast"), 2, 0.1);
  EXPECT_EQ(value(choices, 3, "network"), "full, batch 8");
  EXPECT_EQ(value(choices, 3, "engine"), "eager") << "the other one failed";
  EXPECT_EQ(value(choices, 3, "times_as_fast"), 1);
  const text::Table engines = engines_table(results);
  ASSERT_EQ(engines.rows.size(), 2U);
  EXPECT_EQ(value(engines, 0, "fastest"), 1);
  EXPECT_NEAR(value(engines, 0, "times_auto"), std::pow(2, 0.75), 0.1) << "twice as long in three of four";
  EXPECT_EQ(value(engines, 1, "failed"), 1);
  EXPECT_EQ(value(engines, 1, "times_auto"), 1);
  EXPECT_TRUE(engines_table(profiles::conclude(profiles::tests::made_up_log({0.1, 0.2}, 1))).rows.empty());

  profiles::ProfileLog log = two_engines();
  for (std::size_t i = 2; i < 4; ++i) log.rows[i].facts["batch"] = 1, log.rows[i].facts["threads"] = 4;
  log.rows[4].facts["memory_format"] = "channels_last",
  log.rows[4].facts["network"] = log.rows[0].facts["network"];
  log.rows[4].facts["batch"] = 1;
  const text::Table of_threads = choices_table(profiles::conclude(log));
  EXPECT_NEAR(value(of_threads, 0, "times_as_fast"), 2, 0.1)
      << "as the first row of eager with as many threads";
  EXPECT_NEAR(value(of_threads, 1, "times_as_fast"), 2, 0.1);
}

TEST(ProfileTables, PutPublishedSecondsBesideOurs) {
  profiles::ProfileLog log = two_engines();
  EXPECT_TRUE(passes_table(profiles::conclude(log)).rows.empty());
  log.header["settings"] = {{"published", {{"small", 9.282}}}};
  for (const int pass : {0, 1}) {
    for (const std::size_t row : {0U, 4U})
      log.rows[row].passes[pass] = {{"images", 1400}, {"seconds", {{"read", 1.0}, {"forward", 2.0 + pass}}}};
  }
  const text::Table table = passes_table(profiles::conclude(log));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(value(table, 0, "seconds"), 3.5);
  EXPECT_EQ(value(table, 0, "most_s"), 4);
  EXPECT_EQ(value(table, 0, "published_s"), 9.282);
  EXPECT_TRUE(value(table, 1, "published_s").is_null());
}

TEST(GoogleBenchmarkFiles, HoldTheRoundsOfRowsThatWereMeasured) {
  profiles::ProfileLog log = two_engines();
  log.rows[0].visits[2].disturbed = true;
  const auto benchmarks = [&] {
    return Json::parse(google_benchmark_json(log, profiles::conclude(log))).at("benchmarks");
  };
  EXPECT_EQ(benchmarks().size(), 7 * 12U) << "one of eight has failed";
  EXPECT_EQ(benchmarks()[0].at("real_time"), profiles::round_medians(log.rows[0]).at(1) * 1e6);
  EXPECT_THAT(notes_on(profiles::conclude(log)),
              testing::Contains(HasSubstr("1 of 96 visits were disturbed")));
  profiles::leave_out_disturbed(log);
  EXPECT_EQ(benchmarks().size(), 7 * 12U - 1);
  EXPECT_THAT(notes_on(profiles::conclude(log)),
              testing::Contains(testing::MatchesRegex("1 of 96 visits were disturbed .* are left out")));
  for (profiles::Visit& visit : log.rows[1].visits) visit.disturbed = true;
  profiles::leave_out_disturbed(log);
  EXPECT_THAT(notes_on(profiles::conclude(log)), testing::Contains(HasSubstr("so that none is left")));
}

TEST(ProfileFigures, ShowRoundsByRowAndThroughputByBatch) {
  profiles::ProfileLog log = two_engines();
  log.rows[0].visits[2].disturbed = true;
  const profiles::ProfileResults results = profiles::conclude(log);
  const auto rounds = draw_rounds(results, log);
  ASSERT_TRUE(rounds.has_value());
  EXPECT_THAT(rounds->script, HasSubstr("small, fast, batch 1"));
  EXPECT_THAT(rounds->script, HasSubstr("index 6 using 1:3")) << "seven rows were measured";
  EXPECT_THAT(rounds->data.at("disturbed.dat"), HasSubstr("\n3 "));
  const auto throughput = draw_throughput(results, log);
  ASSERT_TRUE(throughput.has_value());
  EXPECT_THAT(throughput->description, HasSubstr("small, batch 8: "));
  for (auto& row : log.rows) row.facts["batch"] = 1;
  EXPECT_FALSE(draw_throughput(profiles::conclude(log), log).has_value());
}

TEST(ProfileFigures, PutTheAxisTitleBelowAsManyRowsAsThereAre) {
  profiles::ProfileLog log = two_engines();
  const std::optional<Plot> plot = draw_latencies(profiles::conclude(log), log);
  ASSERT_TRUE(plot);
  // Seven rows of 30 pixels between margins of 12 and 46: the title is 8 above the lower edge, 8 / 268.
  EXPECT_THAT(plot->script, HasSubstr("'milliseconds of an iteration (logarithmic)' at screen "));
  EXPECT_THAT(plot->script, HasSubstr(",0.0298507 right"));
}

TEST(ProfileFigures, PutANameWhereItFits) {
  profiles::ProfileLog log = two_engines();
  profiles::ProfileResults results = profiles::conclude(log);
  for (std::size_t i = 0; i < results.rows.size(); ++i) {
    results.rows[i].macs = i < 4 ? 1e6 : 1e9;
    results.rows[i].best = i == 1 || i == 5;
  }
  results.rows[1].median_s = 0.05, results.rows[5].median_s = 0.2;
  results.rows[1].label = "a network at the left", results.rows[5].label = "a network at the right";
  const std::optional<Plot> plot = draw_size_latency(results, log);
  ASSERT_TRUE(plot);
  EXPECT_THAT(plot->script, HasSubstr("'a network at the left' at first 1e+06, first 0.05 left offset 0.8"));
  EXPECT_THAT(plot->script,
              testing::ContainsRegex("'a network at the right' at first [^ ]+ first 0.2 right offset -0.8"));
}

}  // namespace
}  // namespace segbench::reports
