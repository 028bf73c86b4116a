// SPDX-License-Identifier: MIT
#include "harness/data/codecs/tiles.h"

#include <gtest/gtest.h>

#include <set>

namespace segbench::tests {
namespace {

using data::Tile;

TEST(Tiles, CoverAnImageAndOverlap) {
  for (const auto& [height, width] :
       std::vector<std::pair<int, int>>{{100, 65}, {64, 64}, {40, 300}, {33, 31}}) {
    const std::vector<Tile> tiles = data::tiles_of(height, width, 32, 32, 0.25);
    std::set<std::pair<int, int>> covered;
    for (const Tile& tile : tiles) {
      EXPECT_GE(tile.row, 0);
      EXPECT_TRUE(tile.row + 32 <= height || height < 32);
      for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x)
          covered.insert({static_cast<int>(tile.row) + y, static_cast<int>(tile.column) + x});
      }
    }
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) ASSERT_TRUE(covered.contains({y, x})) << y << " " << x;
    }
    for (std::size_t i = 1; i < tiles.size(); ++i) {
      if (tiles[i].row == tiles[i - 1].row) {
        EXPECT_LE(tiles[i].column - tiles[i - 1].column, 24) << "overlap a quarter";
      }
    }
  }
  EXPECT_EQ(data::tiles_of(20, 20, 32, 32, 0.5), (std::vector<Tile>{{0, 0, 32, 32}}));
}

TEST(Tiles, RepeatTheEdgeOfASmallImage) {
  const data::Image image{.height = 1, .width = 2, .channels = 1, .pixels = {7, 9}};
  EXPECT_EQ(data::crop(image, {0, 0, 2, 3}).pixels, (std::vector<std::uint8_t>{7, 9, 9, 7, 9, 9}));
  const data::Image wide{.height = 1, .width = 2, .channels = 1, .pixels = {}, .wide = {700, 900}};
  EXPECT_EQ(data::crop(wide, {0, 1, 1, 1}).wide, (std::vector<std::uint16_t>{900}));
}

TEST(Tiles, MergeToWhatTheyAgreeOn) {
  const std::vector<Tile> tiles = data::tiles_of(6, 10, 6, 6, 0.5);
  std::vector<data::Probabilities> answers;
  for (const Tile& tile : tiles) {
    data::Probabilities one{6, 6, {"a", "b"}, {}};
    for (int c = 0; c < 2; ++c) {
      for (std::int64_t y = 0; y < 6; ++y) {
        for (std::int64_t x = 0; x < 6; ++x) {
          const float p = static_cast<float>(tile.column + x) / 10;
          one.values.push_back(c == 1 ? p : 1 - p);
        }
      }
    }
    answers.push_back(one);
  }
  const data::Probabilities merged = data::merge_tiles(tiles, answers, 6, 10);
  for (std::size_t x = 0; x < 10; ++x)
    EXPECT_NEAR(merged.values[60 + 20 + x], static_cast<float>(x) / 10, 1e-6);
  const data::LabelMap most = data::decide(merged), above = data::decide(merged, 0.25);
  EXPECT_EQ((std::vector<std::uint8_t>(most.labels.begin(), most.labels.begin() + 10)),
            (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 1, 1, 1, 1}));
  EXPECT_EQ(above.labels[2], 0);
  EXPECT_EQ(above.labels[3], 1);
}

TEST(Tiles, CountLessNearTheirEdges) {
  // Two tiles of 4 x 4 that share two columns; one says 1, the other 0.
  const std::vector<Tile> tiles = {{0, 0, 4, 4}, {0, 2, 4, 4}};
  const data::Probabilities ones{4, 4, {"a"}, std::vector<float>(16, 1.0F)},
      zeros{4, 4, {"a"}, std::vector<float>(16)};
  const data::Probabilities merged = data::merge_tiles(tiles, std::vector{ones, zeros}, 4, 6);
  EXPECT_FLOAT_EQ(merged.values[1], 1);
  EXPECT_FLOAT_EQ(merged.values[2], 2.0F / 3);
  EXPECT_FLOAT_EQ(merged.values[3], 1.0F / 3);
  EXPECT_FLOAT_EQ(merged.values[4], 0);
}

}  // namespace
}  // namespace segbench::tests
