// SPDX-License-Identifier: MIT
#include "harness/run/halving.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/core/random.h"

namespace segbench::run {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Scores = std::vector<std::vector<RungScore>>;

RungScore known(double value) {
  return {true, value};
}

/// Scores of which only the first rung is known so far.
Scores first_rung(const std::vector<double>& values, std::size_t rungs) {
  Scores scores;
  for (const double value : values) {
    scores.emplace_back(rungs);
    scores.back()[0] = known(value);
  }
  return scores;
}

TEST(Halving, SendsOnTheBestThirdOfWhatItKnows) {
  const Halving halving = decide_halving(first_rung({0.5, 0.9, 0.1, 0.2, 0.3, 0.95}, 2), 2, 3, true, true);
  // After three draws the best one, number 1; after six the best two: 5, and 1 that has gone on already.
  EXPECT_THAT(halving.promotions, ElementsAre(Promotion{.draw = 1, .rung = 0, .rank = 1, .of = 3},
                                              Promotion{.draw = 5, .rung = 0, .rank = 1, .of = 6}));
  EXPECT_THAT(halving.entrants[1], ElementsAre(1, 5));
  EXPECT_FALSE(halving.is_finished);
  EXPECT_EQ(halving.chosen, std::nullopt);
}

TEST(Halving, TakesLowScoresForGoodOnesWhereTheyAre) {
  const Halving halving = decide_halving(first_rung({0.5, 0.9, 0.1}, 2), 2, 3, false, true);
  EXPECT_THAT(halving.entrants[1], ElementsAre(2));
}

TEST(Halving, WaitsForADrawThatIsNotKnownYet) {
  Scores scores = first_rung({0.5, 0.9, 0.1, 0.2, 0.3, 0.95}, 2);
  scores[2][0] = {};
  EXPECT_THAT(decide_halving(scores, 2, 3, true, true).promotions, IsEmpty())
      << "the third draw may change which are the best";
  scores[2][0] = {true, std::nullopt};
  EXPECT_THAT(decide_halving(scores, 2, 3, true, true).entrants[1], ElementsAre(1, 5))
      << "it failed: it ranks last";
}

TEST(Halving, NeverPromotesWhatHasNoScore) {
  Scores scores = first_rung({0.5, 0.9, 0.1}, 2);
  for (auto& draw : scores) draw[0].value.reset();
  const Halving halving = decide_halving(scores, 2, 3, true, true);
  EXPECT_THAT(halving.promotions, IsEmpty());
  EXPECT_TRUE(halving.is_finished);
  EXPECT_EQ(halving.chosen, std::nullopt);
}

TEST(Halving, SendsOnTheBestOfTooFewDraws) {
  const Scores scores = first_rung({0.5, 0.9}, 3);
  EXPECT_THAT(decide_halving(scores, 3, 3, true, true).entrants[1], ElementsAre(1));
  EXPECT_THAT(decide_halving(scores, 3, 3, true, false).entrants[1], IsEmpty()) << "more draws may come";
}

TEST(Halving, ChoosesTheBestOfTheLastRungAndOfEqualsTheFirst) {
  Scores scores = first_rung({0.5, 0.9, 0.1, 0.2, 0.3, 0.95}, 2);
  scores[1][1] = known(0.7);
  EXPECT_EQ(decide_halving(scores, 2, 3, true, true).chosen, 1U);
  scores[5][1] = known(0.7);
  const Halving halving = decide_halving(scores, 2, 3, true, true);
  EXPECT_EQ(halving.chosen, 1U);
  EXPECT_TRUE(halving.is_finished);
  const Halving one_rung = decide_halving(first_rung({0.2, 0.4, 0.4}, 1), 1, 3, true, true);
  EXPECT_EQ(one_rung.chosen, 1U);
  EXPECT_TRUE(one_rung.is_finished);
}

/// Scores that become known in any order, as workers end in any, lead to the same promotions; and what was
/// decided early is never taken back.
TEST(Halving, DoesNotDependOnWhoIsFasterAndTakesNothingBack) {
  constexpr std::size_t kDraws = 60, kRungs = 3;
  core::Stream values(3, core::Purpose::kSearch);
  Scores all(kDraws, std::vector<RungScore>(kRungs));
  for (auto& draw : all)
    for (auto& score : draw) score = known(values.uniform());
  std::vector<Promotion> expected;
  for (const std::uint64_t order : {1, 2, 3, 4}) {
    core::Stream pick(order, core::Purpose::kOrder);
    Scores scores(kDraws, std::vector<RungScore>(kRungs));
    std::vector<Promotion> before;
    while (true) {
      const Halving halving = decide_halving(scores, kRungs, 3, true, true);
      std::vector<Promotion> promotions = halving.promotions;
      for (const Promotion& promotion : before) EXPECT_THAT(promotions, testing::Contains(promotion));
      before = promotions;
      std::vector<std::pair<std::size_t, std::size_t>> open;
      for (std::size_t k = 0; k < kRungs; ++k)
        for (const std::size_t draw : halving.entrants[k])
          if (!scores[draw][k].is_known) open.emplace_back(draw, k);
      if (open.empty()) {
        EXPECT_TRUE(halving.is_finished);
        break;
      }
      const auto [draw, k] = open[pick.below(open.size())];
      scores[draw][k] = all[draw][k];
    }
    if (expected.empty()) expected = before;
    EXPECT_EQ(before, expected);
  }
  // About a third goes on at each rung, and a few more that were among the best of few.
  const auto left = [&](std::size_t rung) {
    return std::count_if(expected.begin(), expected.end(),
                         [&](const Promotion& p) { return p.rung == rung; });
  };
  EXPECT_GE(left(0), 20);
  EXPECT_LE(left(0), 20 + 2 * static_cast<long>(std::sqrt(60)));
  EXPECT_GE(left(1), left(0) / 3);
}

}  // namespace
}  // namespace segbench::run
