// SPDX-License-Identifier: MIT
#include "results/conclusions/sensitivity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

Conclusions of_scores(const std::vector<std::pair<std::string, std::vector<double>>>& variants) {
  std::vector<TrialInputs> trials;
  for (const auto& [variant, scores] : variants) {
    for (std::size_t seed = 0; seed < scores.size(); ++seed)
      trials.push_back(trial_of(variant, seed, scores[seed]));
  }
  return conclusions_of(trials);
}

// Expected p values: SciPy 1.11 ttest_rel, wilcoxon(mode="exact"), ttest_ind(equal_var=False) and
// mannwhitneyu(method="exact") of these scores.
TEST(SensitivityOfVerdicts, HoldsTheSameScoresAgainstOtherTests) {
  const std::vector<double> a = {0.700, 0.712, 0.725, 0.731, 0.748, 0.754};
  const std::vector<double> b = {0.660, 0.669, 0.684, 0.685, 0.706, 0.709};
  const Conclusions model = of_scores({{"a", a}, {"b", b}});
  const std::vector<Sensitivity> lines = sensitivity_of(model);
  ASSERT_EQ(lines.size(), 1u);
  const Sensitivity& line = lines[0];
  EXPECT_EQ(line.variant, "b");
  EXPECT_EQ(line.seeds, 6u);
  EXPECT_NEAR(*line.mean, -0.0428333, 1e-6);
  EXPECT_NEAR(*line.median, -0.0425, 1e-9);
  EXPECT_NEAR(*line.p_wilcoxon, 0.03125, 1e-9);
  EXPECT_NEAR(*line.p_sign_flip, 0.03125, 1e-9);
  EXPECT_LT(*line.p_t, 1e-5);
  EXPECT_NEAR(*line.p_welch, 0.004164733055651563, 1e-6);
  EXPECT_NEAR(*line.p_mann_whitney, 0.008658008658008658, 1e-9);
  EXPECT_EQ(*line.p_false_discovery, *line.p_t) << "the only one";
  EXPECT_FALSE(line.p_equivalent) << "no margin is declared";
  EXPECT_LT(line.bca->high, 0);
  EXPECT_GT(line.bca->high, *line.mean);
  EXPECT_EQ(line.tests, 5u);
  EXPECT_EQ(line.told_apart, 5u);
}

TEST(SensitivityOfVerdicts, TellsWhereItHangsOnTheTest) {
  const Sensitivity line =
      sensitivity_of(of_scores({{"a", {0.70, 0.80, 0.90}}, {"b", {0.69, 0.79, 0.889}}})).at(0);
  EXPECT_EQ(line.tests, 5u);
  EXPECT_EQ(line.told_apart, 1u) << "three seeds allow no exact test to fall below 5 %";
  EXPECT_LT(*line.p_t, 0.05);
  EXPECT_GT(*line.p_welch, 0.05);
}

TEST(SensitivityOfVerdicts, ComparesTheRanksOnBothSplits) {
  const Conclusions model = of_scores({{"a", {0.7}}, {"b", {0.6}}, {"c", {0.5}}});
  const auto agreement = rank_agreement(model);
  ASSERT_TRUE(agreement);
  EXPECT_EQ(agreement->variants, 3u);
  EXPECT_DOUBLE_EQ(agreement->spearman, 1);
  EXPECT_DOUBLE_EQ(agreement->kendall, 1);
  EXPECT_FALSE(rank_agreement(of_scores({{"a", {0.7}}, {"b", {0.6}}})));
}

}  // namespace
}  // namespace segbench::conclusions
