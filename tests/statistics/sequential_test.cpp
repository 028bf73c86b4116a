// SPDX-License-Identifier: MIT
#include "results/statistics/sequential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/random.h"
#include "results/statistics/sequential_simulation.h"

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

/// Looks after `first` seeds and then every so many, up to `most`.
std::vector<std::size_t> looks_after(std::size_t first = 3, std::size_t every = 3, std::size_t most = 12) {
  std::vector<std::size_t> counts;
  for (std::size_t n = first; n < most; n += every) counts.push_back(n);
  counts.push_back(most);
  return counts;
}

// However often one looks, variants that are all alike are told apart in 5 % of the studies at most; 0.017 is
// three standard errors of 1,500 simulated studies.
TEST(Sequential, TellsVariantsThatAreAlikeApartSeldom) {
  const std::vector<statistics::SimulatedStudy> studies = {{{0, 0}, looks_after()},
                                                           {{0, 0}, looks_after(3, 1, 10)},
                                                           {{0, 0}, looks_after(5, 5, 20)},
                                                           {{0, 0, 0, 0}, looks_after()},
                                                           {std::vector<double>(8), looks_after(3, 3, 9)}};
  for (const statistics::SimulatedStudy& study : studies)
    EXPECT_LE(statistics::simulate_looks(study, 1'500).any_dropped, 0.067)
        << study.means.size() << " variants";
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
  const statistics::LookFrequencies large = statistics::simulate_looks({{3.5, 0, 0, 0}, looks_after()}, 500);
  EXPECT_LE(large.best_dropped, 0.03);
  EXPECT_GE(large.decided, 0.97);
  EXPECT_LE(large.trials, 0.62) << "of all trials";
  const statistics::LookFrequencies mixed =
      statistics::simulate_looks({{2.8, 2.7, 0, 0}, looks_after()}, 500);
  EXPECT_LE(mixed.best_dropped, 0.05);
  EXPECT_LE(mixed.trials, 0.85) << "two of four leave early";
}

}  // namespace
}  // namespace segbench::tests
