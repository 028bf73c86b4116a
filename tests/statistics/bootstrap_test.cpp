// SPDX-License-Identifier: MIT
#include "results/statistics/bootstrap.h"

#include <cmath>

#include "results/statistics/exact_bootstrap.h"
#include "tests/statistics/tables.h"

namespace segbench::tests {
namespace {

using core::Json;

TEST(Bootstrap, PercentilesOfPrescribedResamplesEqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("bootstrap");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    const Npy indices = read_npy(oracle.beside(oracle.json.at("indices")));  // [block, replicate, draw]
    for (const Json& block : oracle.json.at("blocks")) {
      const auto sample = block.at("sample").get<std::vector<double>>();
      const std::size_t replicates = static_cast<std::size_t>(indices.shape.at(1)), draws = sample.size();
      const std::size_t begin = block.at("indices_slice").get<std::size_t>() * replicates * draws;
      std::vector<double> means(replicates);
      for (std::size_t r = 0; r < replicates; ++r) {
        for (std::size_t j = 0; j < draws; ++j) {
          means[r] += sample.at(static_cast<std::size_t>(indices.values.at(begin + r * draws + j)));
        }
        means[r] /= static_cast<double>(draws);
      }
      const auto found = statistics::percentile_interval(means);
      const Json& wanted = block.at("prescribed_indices").at("percentile_95");
      EXPECT_NEAR(wanted[0].get<double>(), found->low, 1e-12);
      EXPECT_NEAR(wanted[1].get<double>(), found->high, 1e-12);
      const Json& prescribed = block.at("prescribed_indices");
      const auto bca = statistics::bca_interval(sample, means);
      const auto basic = statistics::basic_interval(means, *statistics::mean(sample));
      ASSERT_TRUE(bca && basic);
      EXPECT_NEAR(prescribed.at("bca_95")[0].get<double>(), bca->low, 1e-12);
      EXPECT_NEAR(prescribed.at("bca_95")[1].get<double>(), bca->high, 1e-12);
      EXPECT_NEAR(prescribed.at("basic_95")[0].get<double>(), basic->low, 1e-12);
      EXPECT_NEAR(prescribed.at("basic_95")[1].get<double>(), basic->high, 1e-12);
    }
  }
}

TEST(Bootstrap, OwnResamplesComeOutAsOftenEnough) {
  SEGBENCH_NEEDS_ORACLES();
  for (const OracleCase& oracle : oracle_cases("bootstrap")) {
    for (const Json& block : oracle.json.at("blocks")) {
      const Json& wanted = block.at("monte_carlo").at("percentile_95");
      const double scale = std::sqrt(wanted.at("replicates").get<double>() / statistics::kReplicates);
      core::Stream stream(1, core::Purpose::kBootstrap);
      const auto found =
          statistics::bootstrap_interval(block.at("sample").get<std::vector<double>>(), stream);
      ASSERT_TRUE(found);
      for (const auto& [end, value] : {std::pair{0, found->low}, {1, found->high}}) {
        EXPECT_NEAR(wanted.at("mean")[end].get<double>(), value,
                    5 * scale * wanted.at("sd_over_seeds")[end].get<double>());
      }
    }
  }
}

TEST(Bootstrap, EveryResampleIsCountedInTheExactOne) {
  SEGBENCH_NEEDS_ORACLES();
  for (const OracleCase& oracle : oracle_cases("bootstrap")) {
    for (const Json& block : oracle.json.at("blocks")) {
      const auto sample = block.at("sample").get<std::vector<double>>();
      const Json& wanted = block.at("exact_enumeration");
      const auto exact = statistics::exact_bootstrap_means(sample);
      ASSERT_TRUE(exact);
      const statistics::Interval percentile = statistics::exact_percentile_interval(*exact);
      const auto bca = statistics::exact_bca_interval(sample, *exact);
      ASSERT_TRUE(bca);
      EXPECT_NEAR(wanted.at("percentile_95")[0].get<double>(), percentile.low, 1e-9);
      EXPECT_NEAR(wanted.at("percentile_95")[1].get<double>(), percentile.high, 1e-9);
      EXPECT_NEAR(wanted.at("bca_95")[0].get<double>(), bca->low, 1e-9);
      EXPECT_NEAR(wanted.at("bca_95")[1].get<double>(), bca->high, 1e-9);
      EXPECT_NEAR(wanted.at("bootstrap_sd").get<double>(), statistics::exact_sd(*exact), 1e-9);
    }
  }
}

TEST(Bootstrap, ExactAndCorrectedIntervalsAreUndefinedWhereNothingVaries) {
  EXPECT_FALSE(statistics::exact_bootstrap_means({}));
  EXPECT_FALSE(statistics::exact_bootstrap_means(std::vector<double>(11, 0.5)));
  const std::vector<double> equal = {0.5, 0.5, 0.5};
  EXPECT_FALSE(statistics::bca_interval(equal, equal));
  EXPECT_FALSE(statistics::exact_bca_interval(equal, *statistics::exact_bootstrap_means(equal)));
  const std::vector<double> sample = {0.1, 0.2}, above = {0.9, 0.9};
  EXPECT_FALSE(statistics::bca_interval(sample, above)) << "no replicate below the mean";
}

TEST(Bootstrap, IsAFunctionOfItsStream) {
  const std::vector<double> sample = {0.1, 0.5, 0.3};
  core::Stream first(7, core::Purpose::kBootstrap), again(7, core::Purpose::kBootstrap),
      other(8, core::Purpose::kBootstrap);
  const auto means = statistics::bootstrap_means(sample, first, 100);
  EXPECT_EQ(means, statistics::bootstrap_means(sample, again, 100));
  EXPECT_NE(means, statistics::bootstrap_means(sample, other, 100));
}

TEST(Bootstrap, NeedsTwoValues) {
  core::Stream stream(7, core::Purpose::kBootstrap);
  EXPECT_FALSE(statistics::bootstrap_interval(std::vector<double>{0.5}, stream));
}

}  // namespace
}  // namespace segbench::tests
