// SPDX-License-Identifier: MIT
#include "harness/core/distance_transform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "harness/core/random.h"

namespace segbench::core {
namespace {

std::int64_t nearest(const std::vector<std::uint8_t>& set, std::int64_t width, std::int64_t pixel) {
  std::int64_t best = kInfinitelyFar;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set[i] == 0) continue;
    const auto at = static_cast<std::int64_t>(i);
    const std::int64_t down = at / width - pixel / width, across = at % width - pixel % width;
    best = std::min(best, down * down + across * across);
  }
  return best;
}

TEST(DistanceTransform, IsTheDistanceToTheNearestPixelThatIsSet) {
  Stream stream(3, Purpose::kShapes);
  const std::vector<std::pair<std::int64_t, std::int64_t>> sizes = {
      {1, 1}, {1, 9}, {7, 1}, {13, 17}, {24, 10}};
  for (const auto& [height, width] : sizes) {
    for (const std::uint64_t rarity : {2, 10, 60}) {
      std::vector<std::uint8_t> set(static_cast<std::size_t>(height * width));
      for (std::uint8_t& pixel : set) pixel = stream.below(rarity) == 0 ? 1 : 0;
      const std::vector<std::int64_t> squares = squared_distances(set, height, width);
      for (std::int64_t i = 0; i < height * width; ++i)
        EXPECT_EQ(squares[static_cast<std::size_t>(i)], nearest(set, width, i));
    }
  }
}

TEST(DistanceTransform, IsInfiniteWhereNothingIsSet) {
  for (const std::int64_t square : squared_distances(std::vector<std::uint8_t>(12, 0), 3, 4))
    EXPECT_GE(square, kInfinitelyFar);
}

}  // namespace
}  // namespace segbench::core
