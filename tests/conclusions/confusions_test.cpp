// SPDX-License-Identifier: MIT
#include "results/conclusions/confusions.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace segbench::tests
