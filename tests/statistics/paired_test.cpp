// SPDX-License-Identifier: MIT
#include "results/statistics/paired.h"

#include <cmath>

#include "harness/core/random.h"
#include "results/statistics/corrections.h"
#include "results/statistics/ranks.h"
#include "tests/statistics/tables.h"

namespace segbench::tests {
namespace {

using core::Json;

TEST(Paired, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("pairwise_tests");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    const ScoreTable table(oracle);
    for (const Json& data_set : oracle.json.at("datasets")) {
      for (const Json& pair : data_set.at("pairs")) {
        const std::vector<double> x = table.runs(pair.at("x"), data_set.at("dataset"));
        const std::vector<double> y = table.runs(pair.at("y"), data_set.at("dataset"));
        std::map<std::uint64_t, double> by_seed_x, by_seed_y;
        for (std::size_t seed = 0; seed < x.size(); ++seed)
          by_seed_x[seed] = x[seed], by_seed_y[seed] = y[seed];
        const std::vector<double> differences = statistics::differences_by_seed(by_seed_x, by_seed_y);
        const std::string where =
            oracle.file.filename().string() + " " + pair.at("x").dump() + " - " + pair.at("y").dump();
        expect_value(pair.at("mean_difference"), statistics::mean(differences), where, 1e-12);
        expect_value(pair.at("sd_difference"), statistics::standard_deviation(differences), where, 1e-12);

        const Json& wanted_t = pair.at("paired_t");
        const auto t = statistics::paired_t(differences);
        ASSERT_TRUE(t) << where;
        expect_value(wanted_t.at("t"), t->t, where + " t", 1e-9);
        expect_value(wanted_t.at("df"), t->df, where + " df", 0);
        expect_value(wanted_t.at("p_two_sided"), t->p_two_sided, where + " p", 1e-9);
        const auto interval = statistics::t_interval(differences);
        expect_value(wanted_t.at("ci95")[0], interval->low, where + " low", 1e-9);
        expect_value(wanted_t.at("ci95")[1], interval->high, where + " high", 1e-9);

        const auto flip = statistics::sign_flip(differences);
        ASSERT_TRUE(flip) << where;
        EXPECT_EQ(pair.at("sign_flip").at("num_sign_vectors"), flip->sign_vectors);
        expect_value(pair.at("sign_flip").at("p_two_sided"), flip->p_two_sided, where + " sign flip", 1e-12);
        expect_value(pair.at("sign_flip").at("p_greater"), flip->p_greater, where + " sign flip greater",
                     1e-12);

        const Json& wanted_w = pair.at("wilcoxon");
        const auto w = statistics::wilcoxon(differences);
        ASSERT_TRUE(w) << where;
        expect_value(wanted_w.at("w_plus"), w->w_plus, where + " w+", 0);
        expect_value(wanted_w.at("w_minus"), w->w_minus, where + " w-", 0);
        EXPECT_EQ(wanted_w.at("n_nonzero"), w->n_nonzero) << where;
        expect_value(wanted_w.at("p_two_sided_exact"), w->p_two_sided, where + " Wilcoxon", 1e-12);

        const Json& wanted_welch = pair.at("welch_t");
        const auto welch = statistics::welch_t(x, y);
        ASSERT_TRUE(welch) << where;
        expect_value(wanted_welch.at("t"), welch->t, where + " Welch t", 1e-9);
        expect_value(wanted_welch.at("df"), welch->df, where + " Welch df", 1e-9);
        expect_value(wanted_welch.at("p_two_sided"), welch->p_two_sided, where + " Welch p", 1e-9);
        const Json& wanted_u = pair.at("mann_whitney");
        const auto u = statistics::mann_whitney(x, y);
        ASSERT_TRUE(u) << where;
        expect_value(wanted_u.at("u_x"), u->u, where + " U", 1e-9);
        EXPECT_EQ(wanted_u.at("method") == "exact", u->is_exact) << where;
        expect_value(wanted_u.at("p_two_sided"), u->p_two_sided, where + " Mann-Whitney", 1e-9);
        expect_value(pair.at("vargha_delaney_a12"), statistics::vargha_delaney_a12(x, y), where, 1e-12);
        expect_value(pair.at("cliffs_delta"), statistics::cliffs_delta(x, y), where, 1e-12);
        expect_value(pair.at("tost_margin_0.01_p"), statistics::margin_test(differences, 0.01)->p_equivalent,
                     where + " equivalence", 1e-9);

        const auto effect = statistics::effect_size(differences);
        ASSERT_TRUE(effect) << where;
        expect_value(pair.at("cohens_dz"), effect->dz, where + " dz", 1e-9);
        expect_value(pair.at("hedges_gz_exact_J"), effect->gz, where + " gz", 1e-9);
        expect_value(pair.at("hedges_g_exact_J"), statistics::hedges_g(x, y), where + " g", 1e-9);
      }
      for (const char* test : {"adjusted_paired_t", "adjusted_wilcoxon", "adjusted_sign_flip"}) {
        const Json& wanted = data_set.at(test);
        const auto raw = wanted.at("raw").get<std::vector<double>>();
        const std::map<std::string, std::vector<double>> adjusted = {
            {"holm", statistics::holm(raw)},
            {"benjamini_hochberg", statistics::benjamini_hochberg(raw)},
            {"bonferroni", statistics::bonferroni(raw)}};
        for (const auto& [name, found] : adjusted) {
          for (std::size_t i = 0; i < found.size(); ++i)
            EXPECT_NEAR(wanted.at(name).at(i).get<double>(), found[i], 1e-9) << test << " " << name;
        }
      }
    }
  }
}

TEST(Paired, PairsOnlyTheSeedsThatBothHave) {
  EXPECT_EQ(statistics::differences_by_seed({{1, 0.5}, {2, 0.7}, {4, 0.9}}, {{2, 0.5}, {3, 0.1}, {4, 1.0}}),
            (std::vector<double>{0.7 - 0.5, 0.9 - 1.0}));
}

TEST(Paired, IsUndefinedWhereThereIsNoSpread) {
  const std::vector<double> one = {0.1}, equal = {0.25, 0.25, 0.25};
  EXPECT_FALSE(statistics::paired_t(one));
  EXPECT_FALSE(statistics::paired_t(equal));
  EXPECT_FALSE(statistics::effect_size(equal));
  EXPECT_FALSE(statistics::hedges_g(one, equal));
  const std::vector<double> rounded = {0.1, 0.1, 0.1}, others = {0.7, 0.7, 0.7};
  EXPECT_FALSE(statistics::paired_t(rounded)) << "no t of 1e16, because the mean is rounded";
  EXPECT_FALSE(statistics::effect_size(rounded));
  EXPECT_FALSE(statistics::margin_test(rounded, 0.05));
  EXPECT_FALSE(statistics::hedges_g(rounded, others));
  EXPECT_FALSE(statistics::welch_t(rounded, others));
  EXPECT_FALSE(statistics::effect_size(std::vector<double>{0.1, 0.3})->gz) << "Gamma(0) in the correction";
  EXPECT_FALSE(statistics::sign_flip({}));
  EXPECT_EQ(statistics::sign_flip(equal)->p_two_sided, 0.25) << "the least that three pairs allow";
  EXPECT_FALSE(statistics::sign_flip(std::vector<double>(25, 0.1)));
}

TEST(Paired, TIntervalCoversAsOftenAsItSays) {
  core::Stream stream(3, core::Purpose::kBootstrap);
  constexpr int kRepetitions = 20'000;
  int covered = 0;
  for (int r = 0; r < kRepetitions; ++r) {
    std::vector<double> differences(5);
    for (double& difference : differences) difference = 0.3 + stream.normal();
    const auto interval = statistics::t_interval(differences);
    covered += interval->low <= 0.3 && 0.3 <= interval->high ? 1 : 0;
  }
  EXPECT_NEAR(covered / static_cast<double>(kRepetitions), 0.95, 0.007) << "within 4.5 standard errors";
}

TEST(Paired, SignFlipRejectsNoOftenerThanItSays) {
  core::Stream stream(4, core::Purpose::kBootstrap);
  constexpr int kRepetitions = 5'000;
  int rejected = 0;
  for (int r = 0; r < kRepetitions; ++r) {
    std::vector<double> differences(8);
    for (double& difference : differences) difference = stream.normal();
    rejected += statistics::sign_flip(differences)->p_two_sided <= 0.05 ? 1 : 0;
  }
  EXPECT_LE(rejected / static_cast<double>(kRepetitions), 0.05 + 4.5 * std::sqrt(0.05 * 0.95 / kRepetitions));
  EXPECT_GT(rejected, 0);
}

}  // namespace
}  // namespace segbench::tests
