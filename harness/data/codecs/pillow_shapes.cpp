// SPDX-License-Identifier: MIT
#include "harness/data/codecs/pillow_shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "harness/core/error.h"
#include "harness/data/codecs/pillow_polygon.h"

namespace segbench::data {
namespace {

constexpr double kLargestRadius = 20000;  // beyond, the squares below would not fit into 64 bits

/// How far a point is from the ellipse of the half axes a and b, in units of the doubled grid.
struct Curve {
  std::int64_t a = 0, b = 0;
  std::int64_t deviation(std::int64_t x, std::int64_t y) const {
    return std::llabs(a * a * y * y + b * b * x * x - a * a * b * b);
  }
};

/// Calls `row`(y, x) for the rows of the quarter x, y >= 0 from the middle on, on a grid of steps of 2, with
/// the outermost x of each.
template <typename Row>
void walk_quarter(const Curve& curve, Row row) {
  std::int64_t x = curve.a, y = curve.b % 2;
  row(y, x);
  while (x != curve.a % 2 || y != curve.b) {
    std::array<std::int64_t, 2> next{x, y + 2};
    if (x > 1) {
      for (const auto& tried : {std::array{x - 2, y + 2}, std::array{x - 2, y}}) {
        if (curve.deviation(tried[0], tried[1]) < curve.deviation(next[0], next[1])) next = tried;
      }
    }
    if (next[1] != y) row(next[1], next[0]);
    x = next[0], y = next[1];
  }
}

/// To the nearest whole number; halves towards zero.
int rounded_in(double value) {
  return static_cast<int>(value >= 0 ? std::ceil(value - 0.5) : -std::ceil(-value - 0.5));
}

int whole(double coordinate) {
  constexpr double kMost = 1e8;
  return static_cast<int>(std::clamp(coordinate, -kMost, kMost));
}

void fill_segment(std::array<int, 2> from, std::array<int, 2> to, int thickness, std::int64_t height,
                  std::int64_t width, std::vector<std::uint8_t>& inside) {
  const int dx = to[0] - from[0], dy = to[1] - from[1];
  if (dx == 0 && dy == 0) {
    const std::vector<double> pixel = {1.0 * from[0], 1.0 * from[1], 1.0 * from[0], 1.0 * from[1]};
    return fill_rectangle(pixel, height, width, inside);
  }
  const double length = std::hypot(dx, dy), half = (thickness - 1) / 2.0;
  const double wide = std::floor(half + 0.5) / length, narrow = std::ceil(half - 0.5) / length;
  const std::array<int, 2> left{rounded_in(narrow * dy), rounded_in(wide * dx)},
      right{rounded_in(wide * dy), rounded_in(narrow * dx)};
  std::vector<double> corners;
  for (const auto& [x, y] :
       {std::array{from[0] - left[0], from[1] + left[1]}, std::array{to[0] - left[0], to[1] + left[1]},
        std::array{to[0] + right[0], to[1] - right[1]}, std::array{from[0] + right[0], from[1] - right[1]}})
    corners.insert(corners.end(), {1.0 * x, 1.0 * y});
  fill_polygon(corners, height, width, inside);
}

}  // namespace

void fill_circle(double x, double y, double radius, std::int64_t height, std::int64_t width,
                 std::vector<std::uint8_t>& inside) {
  if (!(radius <= kLargestRadius))
    throw core::UserError(
        fmt::format("a circle of radius {:.0f} is too large; at most {:.0f} pixels", radius, kLargestRadius));
  const std::int64_t left = whole(x - radius), top = whole(y - radius);
  const Curve curve{whole(x + radius) - left, whole(y + radius) - top};
  if (curve.a == 0 && curve.b == 0) return;
  const auto fill = [&](std::int64_t row, std::int64_t half) {
    if (row < 0 || row >= height) return;
    const std::int64_t first = std::max<std::int64_t>(left + (curve.a - half) / 2, 0),
                       last = std::min(left + (curve.a + half) / 2, width - 1);
    for (std::int64_t column = first; column <= last; ++column)
      inside[static_cast<std::size_t>(row * width + column)] = 1;
  };
  walk_quarter(curve, [&](std::int64_t from_middle, std::int64_t half) {
    fill(top + (curve.b + from_middle) / 2, half);
    fill(top + (curve.b - from_middle) / 2, half);
  });
}

void fill_lines(std::span<const double> xy, int thickness, std::int64_t height, std::int64_t width,
                std::vector<std::uint8_t>& inside) {
  for (std::size_t i = 0; i + 3 < xy.size(); i += 2)
    fill_segment({whole(xy[i]), whole(xy[i + 1])}, {whole(xy[i + 2]), whole(xy[i + 3])}, thickness, height,
                 width, inside);
}

}  // namespace segbench::data
