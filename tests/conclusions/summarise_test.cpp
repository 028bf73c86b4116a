// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/conclusions/summarise.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

TEST(Summarise, LeavesOutUndefinedValuesAndSaysSo) {
  const Quantity summary = summarise({{"a", 1, 0.5}, {"b", 2, std::nullopt}, {"c", 3, 0.7}});
  EXPECT_THAT(summary.trials, ::testing::ElementsAre("a", "c"));
  EXPECT_DOUBLE_EQ(*summary.mean, 0.6);
  EXPECT_EQ(summary.why_undefined, "undefined in 1 of 3 trials");
  EXPECT_FALSE(summarise({}).mean);
  EXPECT_FALSE(summarise({{"a", 1, NAN}}).mean) << "not a number is undefined, not a number";
}

TEST(Summarise, GivesNoIntervalToASingleTrial) {
  const Quantity summary = summarise({{"a", 1, 0.5}});
  EXPECT_FALSE(summary.interval);
  EXPECT_FALSE(summary.sd);
  EXPECT_EQ(summary.why_undefined, "one trial has no interval");
}

TEST(Summarise, MatchesStudentsT) {
  const Quantity s = summarise({{"a", 1, 1.0}, {"b", 2, 2.0}, {"c", 3, 3.0}});
  EXPECT_NEAR(s.interval->low, 2 - 4.302652729911275 / std::sqrt(3.0), 1e-9);  // t(0.975, 2)
  EXPECT_NEAR(*s.expected_best, 1.0 / 27 + 2 * 7.0 / 27 + 3 * 19.0 / 27, 1e-12);
  const Quantity loss = summarise({{"a", 1, 1.0}, {"b", 2, 2.0}, {"c", 3, 3.0}}, /*higher_is_better=*/false);
  EXPECT_EQ(loss.best, 1.0);
  EXPECT_NEAR(*loss.expected_best, 4 - *s.expected_best, 1e-12) << "small is good: mirrored";
}

}  // namespace
}  // namespace segbench::conclusions
