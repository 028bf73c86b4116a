// SPDX-License-Identifier: MIT
#include "results/statistics/power.h"

#include <cmath>

#include "results/statistics/pareto.h"
#include "tests/statistics/tables.h"

namespace segbench::tests {
namespace {

using core::Json;
using statistics::Design;

TEST(Power, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("power");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    for (const Json& wanted : oracle.json.at("required_n")) {
      const double effect = wanted.at("effect_size"), power = wanted.at("power"), alpha = wanted.at("alpha");
      const auto paired = statistics::needed_n(effect, power, alpha);
      const auto independent = statistics::needed_n(effect, power, alpha, Design::kIndependent);
      ASSERT_TRUE(paired && independent);
      EXPECT_NEAR(wanted.at("paired_n_real").get<double>(), *paired, 1e-5);
      EXPECT_EQ(wanted.at("paired_n"), std::ceil(*paired));
      EXPECT_NEAR(wanted.at("independent_n_per_group_real").get<double>(), *independent, 1e-5);
      EXPECT_EQ(wanted.at("independent_n_per_group"), std::ceil(*independent));
    }
    for (const Json& wanted : oracle.json.at("power_at_n")) {
      EXPECT_NEAR(wanted.at("paired_power").get<double>(),
                  statistics::power(wanted.at("effect_size"), wanted.at("n"), wanted.at("alpha")), 1e-9)
          << wanted;
    }
  }
}

TEST(Power, OfNoEffectIsTheLevelAndNoNumberOfTrialsIsEnough) {
  EXPECT_DOUBLE_EQ(statistics::power(0, 10), 0.05);
  EXPECT_FALSE(statistics::needed_n(0));
  EXPECT_FALSE(statistics::needed_n(1e-6, 0.8, 0.05, Design::kPaired, 1000));
  EXPECT_NEAR(statistics::power(50, 10), 1, 1e-12);
  EXPECT_LE(*statistics::needed_n(100), 3);
}

TEST(Pareto, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("pareto");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    for (const Json& set : oracle.json.at("sets")) {
      std::vector<statistics::CostScore> points;
      for (const Json& point : set.at("points_latency_score")) points.push_back({point[0], point[1]});
      EXPECT_EQ(set.at("front_indices").get<std::vector<std::size_t>>(), statistics::pareto_front(points));
      EXPECT_NEAR(set.at("hypervolume").get<double>(),
                  statistics::hypervolume(points, {set.at("reference")[0], set.at("reference")[1]}), 1e-9);
    }
  }
}

}  // namespace
}  // namespace segbench::tests
