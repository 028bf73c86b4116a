// SPDX-License-Identifier: MIT
#include "results/statistics/aggregates.h"

#include <cmath>

#include "results/statistics/bootstrap.h"
#include "tests/statistics/tables.h"

namespace segbench::tests {
namespace {

using core::Json;
using statistics::RunsByTask;

RunsByTask runs_by_task(const ScoreTable& table, std::int64_t configuration) {
  RunsByTask scores(table.runs(configuration, 0).size());
  for (std::int64_t task = 0; task < table.data_sets(); ++task) {
    const std::vector<double> runs = table.runs(configuration, task);
    for (std::size_t run = 0; run < runs.size(); ++run) scores[run].push_back(runs[run]);
  }
  return scores;
}

void expect_values(const Json& wanted, const std::vector<double>& found, const std::string& where) {
  ASSERT_EQ(wanted.size(), found.size()) << where;
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(wanted[i].get<double>(), found[i], 1e-12) << where;
}

/// Of the end of an interval whose spread is known from six generators only; scores of two decimals leave
/// steps of 0.0005 besides.
double tolerance(const Json& sd_over_seeds) {
  return 8 * sd_over_seeds.get<double>() + 6e-4;
}

TEST(Aggregates, EqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("aggregate_metrics");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    const ScoreTable table(oracle);
    const auto taus = oracle.json.at("taus").get<std::vector<double>>();
    const Npy indices = read_npy(oracle.beside(oracle.json.at("stratified_indices")));
    std::vector<RunsByTask> all;
    for (const Json& wanted : oracle.json.at("configs")) {
      const auto configuration = static_cast<std::int64_t>(all.size());
      const std::string where = oracle.file.filename().string() + " " + std::to_string(configuration);
      const RunsByTask& scores = all.emplace_back(runs_by_task(table, configuration));
      expect_value(wanted.at("iqm"), statistics::aggregate_iqm(scores), where, 1e-12);
      expect_value(wanted.at("mean"), statistics::mean(statistics::all_scores(scores)), where, 1e-12);
      expect_value(wanted.at("median_of_task_means"), statistics::median_of_task_means(scores), where, 1e-12);
      expect_value(wanted.at("optimality_gap"),
                   statistics::optimality_gap(scores, oracle.json.at("gamma_optimality_gap")), where, 1e-12);
      std::vector<double> by_task;
      for (std::int64_t task = 0; task < table.data_sets(); ++task)
        by_task.push_back(*statistics::interquartile_mean(table.runs(configuration, task)));
      expect_values(wanted.at("iqm_per_task"), by_task, where + " tasks");
      expect_values(wanted.at("profile_runs_above_tau"),
                    statistics::performance_profile(statistics::all_scores(scores), taus),
                    where + " profile");
      expect_values(wanted.at("profile_task_means_above_tau"),
                    statistics::performance_profile(statistics::task_means(scores), taus),
                    where + " profile of means");

      // [replicate, run, task]
      std::vector<double> drawn;
      const auto tasks = static_cast<std::size_t>(indices.shape.at(2)), runs = scores.size();
      for (std::int64_t b = 0; b < indices.shape.at(0); ++b) {
        RunsByTask resample = scores;
        for (std::size_t r = 0; r < runs; ++r) {
          for (std::size_t t = 0; t < tasks; ++t) {
            const std::size_t at = (static_cast<std::size_t>(b) * runs + r) * tasks + t;
            resample[r][t] = scores.at(static_cast<std::size_t>(indices.values.at(at)))[t];
          }
        }
        drawn.push_back(*statistics::aggregate_iqm(resample));
      }
      const auto interval = statistics::percentile_interval(drawn);
      expect_values(wanted.at("iqm_ci95_prescribed_indices"), {interval->low, interval->high},
                    where + " prescribed");

      const Json& monte_carlo = wanted.at("iqm_ci95_monte_carlo");
      core::Stream stream(5, core::Purpose::kBootstrap);
      const auto own = statistics::percentile_interval(statistics::stratified_bootstrap(
          scores, statistics::aggregate_iqm, stream, monte_carlo.at("replicates")));
      EXPECT_NEAR(monte_carlo.at("mean")[0].get<double>(), own->low,
                  tolerance(monte_carlo.at("sd_over_seeds")[0]))
          << where;
      EXPECT_NEAR(monte_carlo.at("mean")[1].get<double>(), own->high,
                  tolerance(monte_carlo.at("sd_over_seeds")[1]))
          << where;
    }
    const Json& improvement = oracle.json.at("probability_of_improvement");
    for (std::size_t x = 0; x < all.size(); ++x) {
      for (std::size_t y = 0; y < all.size(); ++y)
        expect_value(improvement[x][y], statistics::probability_of_improvement(all[x], all[y]), "improvement",
                     1e-12);
    }
  }
}

TEST(Aggregates, OfNothingAreUndefined) {
  EXPECT_FALSE(statistics::aggregate_iqm({}));
  EXPECT_FALSE(statistics::optimality_gap({}));
  EXPECT_FALSE(statistics::probability_of_improvement({}, {{0.5}}));
}

}  // namespace
}  // namespace segbench::tests
