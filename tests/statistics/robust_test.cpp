// SPDX-License-Identifier: MIT
#include "results/statistics/robust.h"

#include "results/statistics/median.h"
#include "results/statistics/summary.h"
#include "tests/statistics/tables.h"

namespace segbench::tests {
namespace {

using core::Json;

TEST(Robust, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("latency_summaries");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    for (const Json& set : oracle.json.at("sets")) {
      const auto samples = set.at("samples").get<std::vector<double>>();
      for (const auto& [key, p] : {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}}) {
        expect_value(set.at("percentiles_linear").at(key), statistics::quantile(samples, p), key, 1e-12);
        expect_value(set.at("percentiles_nearest_rank").at(key), statistics::nearest_rank(samples, p), key,
                     0);
      }
      expect_value(set.at("mad_unscaled"), statistics::median_deviation(samples), "deviation", 1e-12);
      expect_value(set.at("trimmed_mean_10pct"), statistics::trimmed_mean(samples), "trimmed", 1e-12);
      expect_value(set.at("geometric_mean"), statistics::geometric_mean(samples), "geometric", 1e-12);
      const auto interval = statistics::median_interval(samples);
      ASSERT_TRUE(interval);
      expect_value(set.at("median_ci95_order_statistics")[0], interval->low, "low", 0);
      expect_value(set.at("median_ci95_order_statistics")[1], interval->high, "high", 0);
    }
  }
}

TEST(Robust, OfNothingIsUndefined) {
  EXPECT_FALSE(statistics::nearest_rank({}, 0.5));
  EXPECT_FALSE(statistics::median_deviation({}));
  EXPECT_FALSE(statistics::trimmed_mean({}));
  EXPECT_FALSE(statistics::geometric_mean({}));
  EXPECT_FALSE(statistics::geometric_mean(std::vector<double>{1, 0}));
}

}  // namespace
}  // namespace segbench::tests
