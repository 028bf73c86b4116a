// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

TrialInputs sized(const std::string& variant, std::uint64_t seed, double accuracy, double parameters) {
  TrialInputs trial = trial_of(variant, seed, accuracy);
  trial.record.measures["parameters"] = parameters;
  return trial;
}

TEST(Fronts, SayWhatIsWorthItsCost) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const double noise = 0.01 * static_cast<double>(seed);
    trials.push_back(sized("small", seed, 0.5 + noise, 10));
    trials.push_back(sized("wasteful", seed, 0.4 + noise, 20));
    trials.push_back(sized("even", seed, 0.51 + noise, 30));  // its trials overlap those of the small one
    trials.push_back(sized("large", seed, 0.7 + noise, 40));
  }
  const Conclusions model = conclusions_of(trials);
  ASSERT_EQ(model.fronts.size(), 2u);
  const Front& front = model.fronts[0];
  EXPECT_EQ(front.cost, "parameters");
  ASSERT_EQ(front.lines.size(), 4u);
  EXPECT_EQ(front.lines[0].variant, "small");
  EXPECT_TRUE(front.lines[0].is_on && front.lines[2].is_on && front.lines[3].is_on);
  EXPECT_FALSE(front.lines[1].is_on);
  EXPECT_NEAR(front.lines[0].probability, 1, 1e-9);
  EXPECT_EQ(front.lines[1].probability, 0.0);
  EXPECT_GT(front.lines[2].probability, 0.5);
  EXPECT_LT(front.lines[2].probability, 1);
}

TEST(Ranking, NeedsThreeVariantsAndThreeCommonSeeds) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    trials.push_back(trial_of("a", seed, 0.7));
    trials.push_back(trial_of("b", seed, seed == 1 ? 0.8 : 0.6));
    EXPECT_FALSE(conclusions_of(trials).ranking) << "two variants";
  }
  for (std::uint64_t seed = 1; seed <= 4; ++seed) trials.push_back(trial_of("c", seed, 0.1));
  const Conclusions model = conclusions_of(trials);
  ASSERT_TRUE(model.ranking);
  EXPECT_EQ(model.ranking->seeds, 4u);
  EXPECT_EQ(model.ranking->lines[0].variant, "a");
  EXPECT_DOUBLE_EQ(model.ranking->lines[0].average_rank, (2 + 1 + 1 + 1) / 4.0);
  EXPECT_DOUBLE_EQ(model.ranking->lines[2].average_rank, 3);
  EXPECT_LT(model.ranking->p, 0.05);
  EXPECT_NEAR(model.ranking->critical_difference, 2.3437 * std::sqrt(3 * 4 / (6.0 * 4)), 1e-3);
}

}  // namespace
}  // namespace segbench::conclusions
