// SPDX-License-Identifier: MIT
#include "harness/data/codecs/coco_mask.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

constexpr double kGrid = 5;        ///< points of the grid in a pixel
constexpr double kFarthest = 1e6;  ///< pixels; edges are walked along point by point

struct Point {
  int x = 0, y = 0;
  bool operator==(const Point&) const = default;
};

/// A corner on the grid; truncated as COCO's tools do, so that negative ones move towards 0.
int on_grid(double coordinate) {
  if (!(std::abs(coordinate) <= kFarthest)) {
    throw core::UserError(fmt::format(
        "a polygon has a corner at {:.0f}; at most {:.0f} pixels from the image's corner is supported",
        coordinate, kFarthest));
  }
  return static_cast<int>(kGrid * coordinate + 0.5);
}

/// Gives the points of an edge to `take`, both ends included, in the order from `from` to `to`.
template <typename Take>
void draw_edge(Point from, Point to, const Take& take) {
  const int dx = std::abs(to.x - from.x), dy = std::abs(to.y - from.y);
  const bool flat = dx >= dy, backwards = flat ? from.x > to.x : from.y > to.y;
  if (backwards) std::swap(from, to);
  const int steps = flat ? dx : dy;
  const double slope = steps == 0 ? 0
                       : flat     ? static_cast<double>(to.y - from.y) / dx
                                  : static_cast<double>(to.x - from.x) / dy;
  for (int step = 0; step <= steps; ++step) {
    const int t = backwards ? steps - step : step;
    if (flat)
      take(Point{from.x + t, static_cast<int>(from.y + slope * t + 0.5)});
    else
      take(Point{static_cast<int>(from.x + slope * t + 0.5), from.y + t});
  }
}

/// A step between columns of the grid as the place down the mask's columns where it begins or ends a run;
/// none where the step is not at the middle of a pixel's column.
void add_crossing(const Point& before, const Point& here, std::int64_t height, std::int64_t width,
                  std::vector<std::int64_t>& places) {
  if (here.x == before.x) return;
  const int column = here.x < before.x ? here.x : here.x - 1;  // the left one of the two
  const double x = (column + 0.5) / kGrid - 0.5;
  if (std::floor(x) != x || x < 0 || x > static_cast<double>(width - 1)) return;
  const double y = (std::min(here.y, before.y) + 0.5) / kGrid - 0.5;
  const double row = std::ceil(std::clamp(y, 0.0, static_cast<double>(height)));
  places.push_back(static_cast<std::int64_t>(x) * height + static_cast<std::int64_t>(row));
}

}  // namespace

std::vector<std::uint32_t> coco_counts(std::string_view text) {
  std::vector<std::uint32_t> counts;
  for (std::size_t i = 0; i < text.size();) {
    std::int64_t value = 0;
    int shift = 0;
    bool more = true;
    while (more) {
      const int digit = i < text.size() ? text[i++] - '0' : -1;
      if (digit < 0 || digit > 63 || shift > 30)
        throw core::UserError("the compressed run lengths are damaged");
      value |= std::int64_t{digit & 31} << shift;
      shift += 5;
      more = (digit & 32) != 0;
      if (!more && (digit & 16) != 0) value -= std::int64_t{1} << shift;
    }
    if (counts.size() > 2) value += counts[counts.size() - 2];
    if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
      throw core::UserError("the compressed run lengths are damaged");
    counts.push_back(static_cast<std::uint32_t>(value));
  }
  return counts;
}

CocoRuns coco_polygon(std::span<const double> xy, std::int64_t height, std::int64_t width) {
  const std::size_t corners = xy.size() / 2;
  std::vector<std::int64_t> places;
  std::optional<Point> before;
  const auto go_to = [&](const Point& here) {
    if (before) add_crossing(*before, here, height, width, places);
    before = here;
  };
  for (std::size_t i = 0; i < corners; ++i) {
    const std::size_t next = (i + 1) % corners;
    draw_edge({on_grid(xy[2 * i]), on_grid(xy[2 * i + 1])},
              {on_grid(xy[2 * next]), on_grid(xy[2 * next + 1])}, go_to);
  }
  std::sort(places.begin(), places.end());
  places.push_back(height * width);
  CocoRuns runs{height, width, {}};
  std::int64_t begin = 0;
  for (const std::int64_t place : places) {
    runs.counts.push_back(static_cast<std::uint32_t>(place - begin));
    begin = place;
  }
  return runs;
}

void add_runs(const CocoRuns& runs, std::int64_t height, std::int64_t width,
              std::vector<std::uint8_t>& inside) {
  std::int64_t covered = 0;
  for (const std::uint32_t count : runs.counts) covered += count;
  if (runs.height != height || runs.width != width || covered != height * width) {
    throw core::UserError(
        fmt::format("run lengths cover {} pixels of a mask of {} x {}; the image has {} x {}", covered,
                    runs.height, runs.width, height, width));
  }
  std::int64_t at = 0;
  bool is_inside = false;
  for (const std::uint32_t count : runs.counts) {
    for (std::int64_t i = at; is_inside && i < at + count; ++i)
      inside[static_cast<std::size_t>(i % height * width + i / height)] = 1;
    at += count;
    is_inside = !is_inside;
  }
}

}  // namespace segbench::data
