// SPDX-License-Identifier: MIT
#include "results/statistics/decision.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/core/random.h"
#include "results/statistics/bootstrap.h"

namespace segbench::tests {
namespace {

using statistics::decide;
using statistics::Decision;

TEST(Decision, FollowsFromWhereTheIntervalLies) {
  EXPECT_EQ(decide({0.01, 0.03}), Decision::kBetter);
  EXPECT_EQ(decide({-0.03, -0.01}), Decision::kWorse);
  EXPECT_EQ(decide({-0.01, 0.02}), Decision::kInconclusive);
  EXPECT_EQ(decide({-0.01, 0.02}, 0.03), Decision::kEquivalent);
  EXPECT_EQ(decide({0.01, 0.02}, 0.03), Decision::kEquivalent) << "better, but by nothing that matters";
  EXPECT_EQ(decide({0.01, 0.04}, 0.03), Decision::kBetter);
  EXPECT_EQ(decide({-0.04, 0.02}, 0.03), Decision::kInconclusive);
  EXPECT_STREQ(to_string(Decision::kEquivalent), "equivalent within margin");
}

TEST(Decision, SaysHowManyPairsWouldSettleIt) {
  const std::vector<double> differences = {0.01, 0.02, -0.01};
  const auto n = statistics::pairs_to_decide(differences);
  ASSERT_TRUE(n);
  EXPECT_GT(*n, 3);
  EXPECT_LE(*statistics::pairs_to_decide(differences, 0.05), *n) << "a margin may settle it earlier";
  const double sd = *statistics::standard_deviation(differences), mean = *statistics::mean(differences);
  EXPECT_GT(mean, 1.96 * sd / std::sqrt(static_cast<double>(*n)) * 0.95);
  EXPECT_FALSE(statistics::pairs_to_decide(std::vector<double>{0.01, -0.01})) << "no difference at all";
  EXPECT_FALSE(statistics::pairs_to_decide(std::vector<double>{0.01}));
}

struct AllAlike {
  std::size_t variants, seeds;
};

/// How often the leader of variants that are all alike is called better than the next one.
double false_alarms(const AllAlike& study, int studies) {
  core::Stream stream(study.variants * 100 + study.seeds, core::Purpose::kBootstrap);
  int alarms = 0;
  for (int i = 0; i < studies; ++i) {
    std::vector<std::vector<double>> scores(study.variants, std::vector<double>(study.seeds));
    for (std::vector<double>& runs : scores) {
      for (double& score : runs) score = stream.normal();
    }
    std::sort(scores.begin(), scores.end(),
              [](const auto& a, const auto& b) { return *statistics::mean(a) > *statistics::mean(b); });
    std::vector<double> differences(study.seeds);
    for (std::size_t s = 0; s < study.seeds; ++s) differences[s] = scores[0][s] - scores[1][s];
    const auto interval = statistics::t_interval(differences, statistics::leader_level(study.variants));
    alarms += decide(*interval) == Decision::kBetter ? 1 : 0;
  }
  return alarms / static_cast<double>(studies);
}

TEST(Decision, ALeaderOfVariantsThatAreAlikeIsSeldomCalledBetter) {
  EXPECT_DOUBLE_EQ(statistics::leader_level(2), 0.95);
  for (const std::size_t variants : {2, 3, 12}) {
    for (const std::size_t seeds : {3, 5, 10})
      EXPECT_LE(false_alarms({variants, seeds}, 3'000), 0.062)
          << variants << " variants, " << seeds << " seeds; 0.05 and three standard errors";
  }
}

TEST(Decision, WithoutThatCorrectionItIsMisled) {
  core::Stream stream(5, core::Purpose::kBootstrap);
  int alarms = 0;
  constexpr int kStudies = 2'000;
  for (int i = 0; i < kStudies; ++i) {
    // The best of 12 against a reference that was not picked.
    std::vector<std::vector<double>> scores(12, std::vector<double>(5));
    for (std::vector<double>& runs : scores) {
      for (double& score : runs) score = stream.normal();
    }
    const auto best = std::max_element(scores.begin() + 1, scores.end(), [](const auto& a, const auto& b) {
      return *statistics::mean(a) < *statistics::mean(b);
    });
    std::vector<double> differences(5);
    for (std::size_t s = 0; s < 5; ++s) differences[s] = (*best)[s] - scores[0][s];
    alarms += decide(*statistics::t_interval(differences)) == Decision::kBetter ? 1 : 0;
  }
  EXPECT_GT(alarms / static_cast<double>(kStudies), 0.1);
}

}  // namespace
}  // namespace segbench::tests
