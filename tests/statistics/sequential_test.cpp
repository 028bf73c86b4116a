// SPDX-License-Identifier: MIT
#include "results/statistics/sequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/random.h"

namespace segbench::tests {
namespace {

using statistics::Interval;
using statistics::Look;
using testing::DoubleNear;
using testing::ElementsAre;

TEST(Sequential, SpendsTheAllowedErrorOverTheLooks) {
  const std::vector<std::size_t> seeds = {3, 6, 12};
  const std::vector<Look> looks = statistics::plan_looks(seeds, 2);
  ASSERT_EQ(looks.size(), 3u);
  EXPECT_NEAR(looks[0].alpha, 0.05 * std::pow(0.25, 1.5), 1e-12);
  EXPECT_NEAR(looks[1].alpha, 0.05 * (std::pow(0.5, 1.5) - std::pow(0.25, 1.5)), 1e-12);
  EXPECT_NEAR(looks[0].alpha + looks[1].alpha + looks[2].alpha, 0.05, 1e-12);
  EXPECT_DOUBLE_EQ(looks[2].pair_level, 1 - looks[2].alpha);
  const std::vector<Look> of_four = statistics::plan_looks(seeds, 4);
  EXPECT_NEAR(of_four[1].pair_level, 1 - looks[1].alpha / 6, 1e-12) << "six pairs";
}

TEST(Sequential, DropsWhatIsWorseAndEndsWithTheLast) {
  const std::vector<std::size_t> all = {0, 1, 2};
  const std::vector<double> scores = {0.5, 0.7, 0.68};
  const auto gain = [&](std::size_t a, std::size_t b) {
    const double middle = scores[a] - scores[b];
    return std::optional(Interval{middle - 0.05, middle + 0.05});
  };
  const statistics::LookResult first = statistics::take_look(all, scores, gain);
  EXPECT_THAT(first.remaining, ElementsAre(1, 2));
  ASSERT_EQ(first.eliminated.size(), 1u);
  EXPECT_EQ(first.eliminated[0].variant, 0u);
  EXPECT_EQ(first.eliminated[0].by, 1u);
  EXPECT_THAT(first.eliminated[0].deficit.low, DoubleNear(0.15, 1e-12));
  EXPECT_EQ(first.leader, 1u);
  EXPECT_FALSE(first.decided);
  EXPECT_TRUE(statistics::take_look(first.remaining, scores, gain, 0.1).decided) << "alike within 0.1";
  const std::vector<std::size_t> two = {0, 1};
  EXPECT_TRUE(statistics::take_look(two, scores, gain).decided);
  const auto unknown = [](std::size_t, std::size_t) { return std::optional<Interval>(); };
  EXPECT_FALSE(statistics::take_look(two, scores, unknown, 0.1).decided);
}

struct Study {
  std::vector<double> means;
  std::size_t first = 3, every = 3, most = 12;
};

struct Frequencies {
  double any_drop = 0, best_dropped = 0, decided = 0, seeds = 0;
};

/// What the rule does in simulated studies whose seeds scatter by 1 about each variant's mean, each variant
/// for itself, beside the effect that a seed has on all of them.
Frequencies simulate(const Study& study, int studies) {
  std::vector<std::size_t> counts;
  for (std::size_t n = study.first; n < study.most; n += study.every) counts.push_back(n);
  counts.push_back(study.most);
  const std::size_t k = study.means.size();
  const std::vector<Look> looks = statistics::plan_looks(counts, k);
  core::Stream stream(k, core::Purpose::kBootstrap);
  Frequencies found;
  for (int i = 0; i < studies; ++i) {
    std::vector<std::vector<double>> scores(k, std::vector<double>(study.most));
    for (std::size_t s = 0; s < study.most; ++s) {
      const double of_seed = stream.normal();
      for (std::size_t v = 0; v < k; ++v) scores[v][s] = study.means[v] + of_seed + stream.normal();
    }
    std::vector<std::size_t> remaining(k);
    for (std::size_t v = 0; v < k; ++v) remaining[v] = v;
    bool decided = false;
    std::size_t used = 0;
    for (std::size_t l = 0; l < looks.size() && !decided; ++l) {
      const Look& look = looks[l];
      used += (look.seeds - (l == 0 ? 0 : looks[l - 1].seeds)) * remaining.size();
      std::vector<double> means(k);
      for (std::size_t v = 0; v < k; ++v)
        means[v] = *statistics::mean(std::span(scores[v]).first(look.seeds));
      const auto gain = [&](std::size_t a, std::size_t b) {
        std::vector<double> differences(look.seeds);
        for (std::size_t s = 0; s < look.seeds; ++s) differences[s] = scores[a][s] - scores[b][s];
        return statistics::t_interval(differences, look.pair_level);
      };
      const statistics::LookResult result = statistics::take_look(remaining, means, gain);
      remaining = result.remaining, decided = result.decided;
    }
    found.any_drop += remaining.size() < k ? 1.0 / studies : 0;
    found.best_dropped += remaining.front() == 0 ? 0 : 1.0 / studies;
    found.decided += decided ? 1.0 / studies : 0;
    found.seeds += static_cast<double>(used) / static_cast<double>(k * study.most) / studies;
  }
  return found;
}

// However often one looks, variants that are all alike are told apart in 5 % of the studies at most; 0.017 is
// three standard errors of 1,500 simulated studies.
TEST(Sequential, TellsVariantsThatAreAlikeApartSeldom) {
  for (const Study& study : {Study{{0, 0}}, Study{{0, 0}, 3, 1, 10}, Study{{0, 0}, 5, 5, 20},
                             Study{{0, 0, 0, 0}}, Study{{0, 0, 0, 0, 0, 0, 0, 0}, 3, 3, 9}})
    EXPECT_LE(simulate(study, 1'500).any_drop, 0.067) << study.means.size() << " variants";
}

// … while looking at 95 % intervals after each seed would tell them apart in far more.
TEST(Sequential, WithoutThatCorrectionOneIsMisled) {
  core::Stream stream(7, core::Purpose::kBootstrap);
  int alarms = 0;
  constexpr int kStudies = 1'000;
  for (int i = 0; i < kStudies; ++i) {
    std::vector<double> differences;
    for (int s = 0; s < 20; ++s) {
      differences.push_back(stream.normal());
      if (s < 2) continue;
      const Interval interval = *statistics::t_interval(differences);
      if (interval.low <= 0 && interval.high >= 0) continue;
      ++alarms;
      break;
    }
  }
  EXPECT_GT(alarms, kStudies / 7);
}

TEST(Sequential, SavesSeedsWhereDifferencesAreLarge) {
  const Frequencies large = simulate({{5, 0, 0, 0}}, 500);
  EXPECT_LE(large.best_dropped, 0.03);
  EXPECT_GE(large.decided, 0.97);
  EXPECT_LE(large.seeds, 0.62) << "of all trials";
  const Frequencies mixed = simulate({{4, 3.8, 0, 0}}, 500);
  EXPECT_LE(mixed.best_dropped, 0.05);
  EXPECT_LE(mixed.seeds, 0.85) << "two of four leave early";
}

}  // namespace
}  // namespace segbench::tests
