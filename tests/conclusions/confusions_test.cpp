// SPDX-License-Identifier: MIT
#include "results/conclusions/confusions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::tests {
namespace {

TEST(ConfusedPairs, NearDuplicatesComeFirst) {
  core::Confusion confusion(3);
  confusion.at(0, 0) = 1000, confusion.at(0, 1) = 50, confusion.at(1, 1) = 60, confusion.at(1, 2) = 40;
  confusion.at(2, 1) = 45, confusion.at(2, 2) = 55;
  const auto pairs = conclusions::confused_pairs(confusion);
  ASSERT_EQ(pairs.size(), 2U) << "0 and 2 are never taken for each other";
  EXPECT_EQ(pairs[0].first, 1);
  EXPECT_EQ(pairs[0].second, 2);
  EXPECT_DOUBLE_EQ(pairs[0].share(), 85.0 / 200);
  EXPECT_TRUE(pairs[0].may_be_one());
  EXPECT_DOUBLE_EQ(pairs[1].share(), 50.0 / 1110);
  EXPECT_FALSE(pairs[1].may_be_one());
}

TEST(ClassConfusions, AreSummedOverTheTrialsOfAVariant) {
  std::vector<conclusions::TrialInputs> trials;
  for (const int seed : {1, 2}) {
    conclusions::TrialInputs trial = conclusions::trial_of("a", static_cast<std::uint64_t>(seed), 0.6);
    core::Confusion confusion(2);
    confusion.at(0, 0) = confusion.at(1, 1) = 600, confusion.at(0, 1) = confusion.at(1, 0) = 400;
    trial.evaluations.back().confusion = confusion;
    trials.push_back(trial);
  }
  trials.push_back(conclusions::trial_of("b", 1, 0.9));  // an older log without a matrix
  const conclusions::Conclusions model = conclusions::conclusions_of(trials);
  ASSERT_EQ(model.confusions.size(), 1U);
  EXPECT_EQ(model.confusions[0].variant, "a");
  EXPECT_EQ(model.confusions[0].trials.size(), 2U);
  EXPECT_EQ(model.confusions[0].pixels.at(1, 0), 800);
  const core::Json pair = to_json(model)["confusions"][0]["pairs"][0];
  EXPECT_EQ(pair["class"], "background");
  EXPECT_EQ(pair["other_class"], "thing");
  EXPECT_DOUBLE_EQ(pair["share"], 0.4);
  EXPECT_EQ(pair["may_be_one"], true);
  EXPECT_THAT(hints_of(model.confusions[0]),
              testing::ElementsAre("40 % of the pixels of background and thing are taken for the other; they "
                                   "may be one class (data.merge)"));
}

TEST(Confusions, HintAtTheClearestPairsAlone) {
  conclusions::ClassConfusion confusion{
      .variant = "a", .trials = {}, .classes = {"a", "b", "c", "d"}, .pixels = core::Confusion(4)};
  for (int truth = 0; truth < 4; ++truth) {
    for (int predicted = 0; predicted < 4; ++predicted) confusion.pixels.at(truth, predicted) = 100;
  }
  const std::vector<std::string> hints = hints_of(confusion);
  ASSERT_EQ(hints.size(), conclusions::kMostHints + 1);
  EXPECT_THAT(hints.back(), testing::HasSubstr("likewise 3 more pairs")) << "six pairs of four classes";
}

}  // namespace
}  // namespace segbench::tests
