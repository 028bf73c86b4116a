// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>

#include "harness/core/counts.h"
#include "tests/augmentations/picture.h"

namespace segbench::augmentations {
namespace {

using tests::changed;
using tests::each_pixel;
using tests::Picture;

/// A 3 x 3 matrix that maps columns and rows (not the middle's coordinates) of what is made to what is read.
struct Matrix {
  double m[3][3];
};

Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix product{};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 3; ++k) product.m[i][j] += a.m[i][k] * b.m[k][j];
    }
  }
  return product;
}

Matrix matrix_of(const Affine& map, const Extent& extent) {
  const double cx = (static_cast<double>(extent.width) - 1) / 2,
               cy = (static_cast<double>(extent.height) - 1) / 2;
  const Matrix to_middle{{{1, 0, -cx}, {0, 1, -cy}, {0, 0, 1}}}, back{{{1, 0, cx}, {0, 1, cy}, {0, 0, 1}}};
  return back * Matrix{{{map.xx, map.xy, map.x0}, {map.yx, map.yy, map.y0}, {0, 0, 1}}} * to_middle;
}

struct Expected {
  bool near_an_edge = false;  ///< so near to where the rule changes that rounding decides
  int label = 0;
  std::vector<double> numbers;
};

/// The definition in double precision, straight from effects/sample.h.
Expected expected_at(const Picture& picture, const Matrix& matrix, std::int64_t row, std::int64_t column) {
  const auto [height, width] = picture.format.extent;
  const auto c = static_cast<double>(column), r = static_cast<double>(row);
  const double x = matrix.m[0][0] * c + matrix.m[0][1] * r + matrix.m[0][2],
               y = matrix.m[1][0] * c + matrix.m[1][1] * r + matrix.m[1][2];
  Expected expected;
  for (const double place : {x, y})
    expected.near_an_edge |= std::abs(place - 0.5 - std::round(place - 0.5)) < 1e-6;
  const auto nx = static_cast<std::int64_t>(std::floor(x + 0.5)),
             ny = static_cast<std::int64_t>(std::floor(y + 0.5));
  if (nx < 0 || ny < 0 || nx >= width || ny >= height) {
    expected.label = core::kVoidLabel;
    expected.numbers.assign(static_cast<std::size_t>(picture.format.channels), 0);
    return expected;
  }
  expected.label = picture.label(ny, nx);
  const double px = std::min(std::max(x, 0.0), static_cast<double>(width - 1)),
               py = std::min(std::max(y, 0.0), static_cast<double>(height - 1));
  for (std::int64_t channel = 0; channel < picture.format.channels; ++channel) {
    double sum = 0;  // of all pixels, weighted by a tent: slow, and not how it is done
    for (std::int64_t i = 0; i < height; ++i) {
      for (std::int64_t j = 0; j < width; ++j) {
        const double weight = std::max(0.0, 1 - std::abs(px - static_cast<double>(j))) *
                              std::max(0.0, 1 - std::abs(py - static_cast<double>(i)));
        if (weight > 0) sum += weight * picture.number(i, j, channel);
      }
    }
    expected.numbers.push_back(sum);
  }
  return expected;
}

void expect_sampled(const Picture& before, const Picture& after, const Matrix& matrix) {
  // Weights have 16 bits: an error of 2^-16 of the largest number on either axis, and one half for rounding.
  const double tolerance = before.format.range.bits == 16 ? 2.6 : 0.51;
  int compared = 0;
  each_pixel(before, [&](std::int64_t row, std::int64_t column) {
    const Expected expected = expected_at(before, matrix, row, column);
    if (expected.near_an_edge) return;
    ++compared;
    EXPECT_EQ(after.label(row, column), expected.label) << row << ", " << column;
    for (std::int64_t c = 0; c < before.format.channels; ++c) {
      EXPECT_NEAR(after.number(row, column, c), expected.numbers[static_cast<std::size_t>(c)], tolerance)
          << row << ", " << column << ", " << c;
    }
  });
  EXPECT_GT(compared, static_cast<int>(before.format.pixels() / 2));
}

const std::vector<Affine>& some_maps() {
  static const std::vector<Affine> kMaps = {
      {.xx = std::cos(0.3), .xy = -std::sin(0.3), .yx = std::sin(0.3), .yy = std::cos(0.3)},
      {.xx = 0.61, .x0 = 1.37, .yy = 0.61, .y0 = -2.71},
      {.xx = 1.83, .x0 = 0.25, .yy = 1.83, .y0 = 0.83},
      {.xy = 0.37, .x0 = -3.3, .y0 = 4.7},
      {.xx = -0.9, .xy = 0.2, .x0 = 0.1, .yx = -0.15, .yy = 1.2, .y0 = -0.3}};
  return kMaps;
}

TEST(Warp, ReadsWhatTheDefinitionSays) {
  for (const auto& [height, width] : {std::pair{12, 17}, {9, 9}, {1, 7}, {6, 1}}) {
    for (const int bits : {8, 16}) {
      for (const int channels : {1, 3, 5}) {
        const Picture before(height, width, channels, bits);
        for (const Affine& map : some_maps())
          expect_sampled(before, changed(before, map), matrix_of(map, before.format.extent));
      }
    }
  }
}

TEST(Warp, ComposedMapsAreThoseInTurnSampledOnce) {
  const Picture before(14, 11, 3);
  const Extent extent = before.format.extent;
  for (const Affine& first : some_maps()) {
    for (const Affine& second : some_maps()) {
      // What comes second is looked up first: the product of the two matrices in this order.
      expect_sampled(before, changed(before, compose(first, second)),
                     matrix_of(first, extent) * matrix_of(second, extent));
    }
  }
}

TEST(Warp, OfWholePixelsEqualsTheTwoInTurn) {
  const Picture before(13, 13, 3, 16);
  const Affine turn{.xx = 0, .xy = -1, .yx = 1, .yy = 0}, shift{.x0 = 3, .y0 = -2}, mirror = kMirrored;
  for (const auto& [first, second] :
       {std::pair{turn, mirror}, {mirror, turn}, {mirror, kUpsideDown}, {turn, turn}})
    EXPECT_EQ(changed(before, compose(first, second)), changed(changed(before, first), second));
  EXPECT_NE(changed(before, compose(turn, mirror)), changed(before, compose(mirror, turn)));
  EXPECT_EQ(changed(changed(before, turn), Affine{.xx = 0, .xy = 1, .yx = -1, .yy = 0}), before);
  // A shift to the right by three is read three to the left of where it shows; what comes in is void.
  const Picture after = changed(before, Affine{.x0 = -3});
  EXPECT_EQ(after.label(5, 8), before.label(5, 5));
  EXPECT_EQ(after.number(5, 8, 1), before.number(5, 5, 1));
  EXPECT_EQ(after.label(5, 2), core::kVoidLabel);
  EXPECT_EQ(after.number(5, 2, 1), 0);
  EXPECT_EQ(changed(before, compose(shift, Affine{.x0 = -3, .y0 = 2})), before);
}

TEST(Warp, KeepsTheMaskOnItsImage) {
  // An image that shows its own mask, each label an even patch: where a patch is read away from its edges,
  // image and mask still agree; nothing that is black and void has a colour.
  Picture before(40, 48, 1);
  each_pixel(before, [&](std::int64_t row, std::int64_t column) {
    const int label = static_cast<int>(row / 10 * 5 + column / 10);
    before.labels[static_cast<std::size_t>(row * 48 + column)] = static_cast<std::uint8_t>(label);
    before.set(row, column, 0, label);
  });
  for (const Affine& map : some_maps()) {
    const Picture after = changed(before, map);
    int agree = 0, differ = 0, outside = 0;
    each_pixel(after, [&](std::int64_t row, std::int64_t column) {
      if (after.label(row, column) == core::kVoidLabel) {
        EXPECT_EQ(after.number(row, column, 0), 0);
        ++outside;
      } else {
        (after.number(row, column, 0) == after.label(row, column) ? agree : differ)++;
      }
    });
    EXPECT_GT(agree, 400);
    EXPECT_LT(differ, agree / 4) << "only the seams of patches may differ";
  }
}

TEST(Flips, OnlyMoveNumbers) {
  for (const int bits : {8, 16}) {
    for (const int channels : {1, 3, 4}) {
      for (const auto& [height, width] : {std::pair{4, 5}, {3, 6}, {1, 1}, {1, 7}, {5, 1}}) {
        const Picture before(height, width, channels, bits);
        for (const Affine& map : {kMirrored, kUpsideDown, compose(kMirrored, kUpsideDown), Affine{}}) {
          ASSERT_TRUE(is_flip(map));
          const Picture after = changed(before, map);
          each_pixel(before, [&, h = height, w = width](std::int64_t row, std::int64_t column) {
            const std::int64_t from_row = map.yy < 0 ? h - 1 - row : row,
                               from_column = map.xx < 0 ? w - 1 - column : column;
            EXPECT_EQ(after.label(row, column), before.label(from_row, from_column));
            for (int c = 0; c < channels; ++c)
              EXPECT_EQ(after.number(row, column, c), before.number(from_row, from_column, c));
          });
        }
      }
    }
  }
}

TEST(Flips, AreToldFromWhatNeedsSampling) {
  EXPECT_FALSE(is_flip(Affine{.x0 = 1}));
  EXPECT_FALSE(is_flip(Affine{.xx = 0, .xy = -1, .yx = 1, .yy = 0}));
  for (const Affine& map : some_maps()) EXPECT_FALSE(is_flip(map));
}

}  // namespace
}  // namespace segbench::augmentations
