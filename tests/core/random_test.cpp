// SPDX-License-Identifier: MIT
#include "harness/core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace segbench::core {
namespace {

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10).
TEST(Philox, MatchesThePublishedKnownAnswers) {
  using Block = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Stream, IsAPureFunctionOfItsFourNumbers) {
  const auto draw = [](std::uint64_t seed, Purpose purpose, std::uint32_t epoch, std::uint64_t index) {
    return Stream(seed, purpose, epoch, index).next_u64();
  };
  EXPECT_EQ(draw(1, Purpose::kOrder, 2, 3), draw(1, Purpose::kOrder, 2, 3));
  EXPECT_NE(draw(1, Purpose::kOrder, 2, 3), draw(2, Purpose::kOrder, 2, 3));
  EXPECT_NE(draw(1, Purpose::kOrder, 2, 3), draw(1, Purpose::kWeights, 2, 3));
  EXPECT_NE(draw(1, Purpose::kOrder, 2, 3), draw(1, Purpose::kOrder, 3, 3));
  EXPECT_NE(draw(1, Purpose::kOrder, 2, 3), draw(1, Purpose::kOrder, 2, 4));
}

TEST(Stream, DrawsHaveTheMomentsOfTheirDistribution) {
  Stream stream(7, Purpose::kWeights);
  constexpr int kDraws = 200'000;
  double uniform_sum = 0, normal_sum = 0, normal_squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    uniform_sum += stream.uniform();
    const double z = stream.normal();
    normal_sum += z, normal_squares += z * z;
  }
  EXPECT_NEAR(uniform_sum / kDraws, 0.5, 0.003);
  EXPECT_NEAR(normal_sum / kDraws, 0.0, 0.01);
  EXPECT_NEAR(normal_squares / kDraws, 1.0, 0.015);
}

TEST(Stream, ShuffleIsAPermutationAndBelowIsUnbiased) {
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  Stream(3, Purpose::kOrder).shuffle(std::span(items));
  EXPECT_FALSE(std::is_sorted(items.begin(), items.end()));
  std::sort(items.begin(), items.end());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(items[static_cast<std::size_t>(i)], i);

  Stream stream(4, Purpose::kOrder);
  std::array<int, 3> seen{};
  for (int i = 0; i < 30'000; ++i) ++seen[stream.below(3)];
  for (const int n : seen) EXPECT_NEAR(n, 10'000, 400);
}

}  // namespace
}  // namespace segbench::core
