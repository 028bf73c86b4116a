// SPDX-License-Identifier: MIT
#include "harness/train/balanced_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace segbench::train {
namespace {

/// 100 samples, of which every tenth shows class 1 in a fifth of its pixels; the rest is class 0 and void.
std::vector<std::vector<std::int64_t>> rare_class() {
  std::vector<std::vector<std::int64_t>> pixels;
  for (int i = 0; i < 100; ++i)
    pixels.push_back(i % 10 == 3 ? std::vector<std::int64_t>{80, 20, 0, 5}
                                 : std::vector<std::int64_t>{100, 0, 0, 50});
  return pixels;
}

std::vector<std::int64_t> order_of(std::uint64_t seed, std::int64_t epoch, double probability = 1) {
  std::vector<std::int64_t> samples;
  for (std::int64_t i = 0; i < 100; ++i) samples.push_back(1000 + i);
  return balanced_order(samples, rare_class(), probability, seed, epoch);
}

TEST(BalancedOrder, DrawsSamplesWithRareClassesMoreOften) {
  const std::vector<std::int64_t> order = order_of(1, 1);
  ASSERT_EQ(order.size(), 100U);
  const auto rare = std::count_if(order.begin(), order.end(), [](std::int64_t i) { return i % 10 == 3; });
  EXPECT_GT(rare, 60);  // one in ten by chance
  EXPECT_EQ(std::set<std::int64_t>(order.begin(), order.end()).size() > 20, true);
  EXPECT_TRUE(std::all_of(order.begin(), order.end(), [](std::int64_t i) { return i >= 1000 && i < 1100; }));
}

TEST(BalancedOrder, OfNoProbabilityIsChance) {
  const std::vector<std::int64_t> order = order_of(1, 1, 0);
  EXPECT_LT(std::count_if(order.begin(), order.end(), [](std::int64_t i) { return i % 10 == 3; }), 25);
}

TEST(BalancedOrder, DependsOnSeedAndEpochAlone) {
  EXPECT_EQ(order_of(1, 1), order_of(1, 1));
  EXPECT_NE(order_of(1, 1), order_of(1, 2));
  EXPECT_NE(order_of(1, 1), order_of(2, 1));
  EXPECT_TRUE(balanced_order({}, {}, 1, 1, 1).empty());
}

}  // namespace
}  // namespace segbench::train
