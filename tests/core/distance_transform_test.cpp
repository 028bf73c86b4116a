// SPDX-License-Identifier: MIT
#include "harness/core/distance_transform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "harness/core/random.h"

namespace segbench::core {
namespace {

double nearest(const std::vector<std::uint8_t>& set, std::int64_t width, std::int64_t pixel) {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set[i] == 0) continue;
    const auto at = static_cast<std::int64_t>(i);
    best = std::min(best, std::hypot(static_cast<double>(at / width - pixel / width),
                                     static_cast<double>(at % width - pixel % width)));
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
      const std::vector<double> distances = distance_transform(set, height, width);
      for (std::int64_t i = 0; i < height * width; ++i)
        EXPECT_DOUBLE_EQ(distances[static_cast<std::size_t>(i)], nearest(set, width, i));
    }
  }
}

TEST(DistanceTransform, IsInfiniteWhereNothingIsSet) {
  for (const double distance : distance_transform(std::vector<std::uint8_t>(12, 0), 3, 4))
    EXPECT_EQ(distance, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace segbench::core
