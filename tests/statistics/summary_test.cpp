// SPDX-License-Identifier: MIT
#include "results/statistics/summary.h"

#include "results/statistics/expected_maximum.h"
#include "tests/statistics/tables.h"

namespace segbench::tests {
namespace {

using core::Json;
using statistics::Summary;

TEST(Summary, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("score_table");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    const ScoreTable table(oracle);
    for (const Json& wanted : oracle.json.at("summaries")) {
      const Summary found = statistics::summarise(table.runs(wanted.at("config"), wanted.at("dataset")));
      const std::string where = oracle.file.filename().string() + " config " + wanted.at("config").dump();
      EXPECT_EQ(wanted.at("n"), found.n) << where;
      const std::vector<std::pair<const char*, std::optional<double>>> values = {
          {"mean", found.mean},     {"sd", found.sd},       {"sem", found.sem},
          {"min", found.minimum},   {"max", found.maximum}, {"q25", found.q25},
          {"median", found.median}, {"q75", found.q75},     {"iqm", found.iqm}};
      for (const auto& [key, value] : values) expect_value(wanted.at(key), value, where + " " + key, 1e-12);
      ASSERT_TRUE(found.interval) << where;
      expect_value(wanted.at("t_ci95")[0], found.interval->low, where + " low", 1e-9);
      expect_value(wanted.at("t_ci95")[1], found.interval->high, where + " high", 1e-9);
    }
  }
}

TEST(Summary, OfNothingAndOfOneValueHasNoSpread) {
  const Summary none = statistics::summarise({});
  EXPECT_EQ(none.n, 0);
  EXPECT_FALSE(none.mean || none.median || none.sd || none.iqm || none.interval);
  const Summary one = statistics::summarise(std::vector<double>{0.5});
  EXPECT_EQ(one.mean, 0.5);
  EXPECT_EQ(one.iqm, 0.5);
  EXPECT_FALSE(one.sd || one.sem || one.interval) << "undefined, not 0";
}

TEST(Summary, OfEqualValuesHasAZeroSpread) {
  const Summary equal = statistics::summarise(std::vector<double>{0.25, 0.25, 0.25});
  EXPECT_EQ(equal.sd, 0.0);
  EXPECT_EQ(equal.interval, (statistics::Interval{0.25, 0.25}));
  EXPECT_EQ(statistics::standard_deviation(std::vector<double>{0.1, 0.1, 0.1}), 0.0)
      << "although the sum of three 0.1 is no multiple of it";
}

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  const std::vector<double> values = {4, 1, 3, 2};
  EXPECT_EQ(statistics::quantile(values, 0), 1.0);
  EXPECT_EQ(statistics::quantile(values, 1), 4.0);
  EXPECT_DOUBLE_EQ(*statistics::quantile(values, 0.9), 3.7);
  EXPECT_FALSE(statistics::quantile({}, 0.5));
}

TEST(ExpectedMaximum, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("expected_max");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    for (const Json& set : oracle.json.at("sets")) {
      const auto values = set.at("values").get<std::vector<double>>();
      for (std::size_t i = 0; i < set.at("n").size(); ++i) {
        const auto found = statistics::expected_maximum(values, set.at("n")[i]);
        const std::string where = "best of " + set.at("n")[i].dump() + " of " + std::to_string(values.size());
        ASSERT_TRUE(found) << where;
        expect_value(set.at("expected_max_with_replacement")[i], found->with_replacement, where, 1e-12);
        expect_value(set.at("sd_of_max_with_replacement")[i], found->sd_with_replacement, where, 1e-9);
        expect_value(set.at("expected_max_unbiased_without_replacement")[i], found->without_replacement,
                     where, 1e-12);
      }
    }
  }
}

TEST(ExpectedMaximum, HasNoSubsetsLargerThanTheSample) {
  const std::vector<double> values = {1, 2};
  EXPECT_FALSE(statistics::expected_maximum(values, 3)->without_replacement);
  EXPECT_TRUE(statistics::expected_maximum(values, 2)->without_replacement);
  EXPECT_FALSE(statistics::expected_maximum({}, 1));
}

}  // namespace
}  // namespace segbench::tests
