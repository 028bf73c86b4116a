// SPDX-License-Identifier: MIT
#include "results/statistics/friedman.h"

#include "results/statistics/ranks.h"
#include "results/statistics/summary.h"
#include "tests/statistics/tables.h"

namespace segbench::tests {
namespace {

using core::Json;
using statistics::Blocks;

/// The blocks that an oracle's key names.
Blocks blocks_of(const std::string& key, const ScoreTable& table, std::int64_t configurations) {
  Blocks blocks;
  const auto runs = static_cast<std::int64_t>(table.runs(0, 0).size());
  const auto add = [&](const auto& score_of) {
    blocks.emplace_back();
    for (std::int64_t c = 0; c < configurations; ++c) blocks.back().push_back(score_of(c));
  };
  if (key == "blocks_are_datasets_mean_over_runs") {
    for (std::int64_t d = 0; d < table.data_sets(); ++d)
      add([&](std::int64_t c) { return *statistics::mean(table.runs(c, d)); });
  } else {
    const std::int64_t data_sets = key == "blocks_are_runs_dataset_0" ? 1 : table.data_sets();
    for (std::int64_t d = 0; d < data_sets; ++d) {
      for (std::int64_t r = 0; r < runs; ++r)
        add([&](std::int64_t c) { return table.runs(c, d).at(static_cast<std::size_t>(r)); });
    }
  }
  return blocks;
}

TEST(Friedman, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("friedman");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    const ScoreTable table(oracle);
    int compared = 0;
    for (const auto& [key, wanted] : oracle.json.items()) {
      if (!key.starts_with("blocks_are_")) continue;
      ++compared;
      const std::size_t k = wanted.at("num_treatments");
      const Blocks blocks = blocks_of(key, table, static_cast<std::int64_t>(k));
      ASSERT_EQ(blocks.size(), wanted.at("num_blocks").get<std::size_t>());
      const auto found = statistics::friedman(blocks);
      ASSERT_TRUE(found) << key;
      for (std::size_t i = 0; i < k; ++i)
        EXPECT_NEAR(wanted.at("average_ranks")[i].get<double>(), found->average_ranks[i], 1e-9) << key;
      expect_value(wanted.at("chi2_tie_corrected"), found->chi2, key, 1e-9);
      expect_value(wanted.at("df"), found->df, key, 0);
      expect_value(wanted.at("p_chi2"), found->p, key, 1e-9);
      expect_value(wanted.at("iman_davenport_f"), found->iman_davenport, key, 1e-9);
      expect_value(wanted.at("p_iman_davenport"), found->p_iman_davenport, key, 1e-9);
      expect_value(wanted.at("kendalls_w"), found->kendalls_w, key, 1e-9);
      expect_value(wanted.at("nemenyi_q_0.05"), statistics::nemenyi_q(k), key, 1e-5);
      expect_value(wanted.at("nemenyi_q_0.1"), statistics::nemenyi_q(k, 0.1), key, 1e-5);
      expect_value(wanted.at("nemenyi_cd_0.05"), statistics::critical_difference(k, blocks.size()), key,
                   1e-5);
      const auto p = statistics::nemenyi_p(found->average_ranks, blocks.size());
      for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t j = 0; j < k; ++j) {
          EXPECT_NEAR(wanted.at("nemenyi_p")[i][j].get<double>(), p[i][j], 1e-5) << key;
          EXPECT_EQ(wanted.at("nemenyi_significant_0.05")[i][j].get<bool>(), p[i][j] < 0.05) << key;
        }
      }
    }
    EXPECT_EQ(compared, 3);
    for (const Json& wanted : oracle.json.at("rank_correlation_between_datasets")) {
      std::vector<double> means[2];
      for (const std::size_t side : {0, 1}) {
        for (std::int64_t c = 0; c < 6; ++c)
          means[side].push_back(*statistics::mean(table.runs(c, wanted.at("datasets")[side])));
      }
      expect_value(wanted.at("spearman"), statistics::spearman(means[0], means[1]), "spearman", 1e-9);
      expect_value(wanted.at("kendall_tau_b"), statistics::kendall_tau_b(means[0], means[1]), "kendall",
                   1e-9);
    }
  }
}

TEST(Friedman, CriticalValuesEqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  for (const OracleCase& oracle : oracle_cases("nemenyi_critical_values")) {
    for (std::size_t i = 0; i < oracle.json.at("k").size(); ++i) {
      const std::size_t k = oracle.json.at("k")[i];
      EXPECT_NEAR(oracle.json.at("q_0.05")[i].get<double>(), statistics::nemenyi_q(k, 0.05), 1e-5) << k;
      EXPECT_NEAR(oracle.json.at("q_0.10")[i].get<double>(), statistics::nemenyi_q(k, 0.10), 1e-5) << k;
    }
  }
}

TEST(Friedman, IsUndefinedWithoutARanking) {
  EXPECT_FALSE(statistics::friedman({}));
  EXPECT_FALSE(statistics::friedman({{0.1, 0.2}})) << "one block";
  EXPECT_FALSE(statistics::friedman({{0.5, 0.5}, {0.4, 0.4}})) << "nothing but ties";
  EXPECT_FALSE(statistics::friedman({{1, 2}, {1, 2}, {1, 2}})->iman_davenport) << "full agreement";
}

}  // namespace
}  // namespace segbench::tests
