// SPDX-License-Identifier: MIT
#include "harness/data/codecs/pillow_polygon.h"

#include <algorithm>
#include <cmath>

namespace segbench::data {
namespace {

/// An edge between whole pixels; `slope` is columns a row.
struct Edge {
  int top = 0, bottom = 0, left = 0, right = 0;
  int x = 0, y = 0;  ///< where it begins
  float slope = 0;

  float at(int row) const { return static_cast<float>(row - y) * slope + static_cast<float>(x); }
};

Edge edge_of(int x0, int y0, int x1, int y1) {
  Edge edge{.top = std::min(y0, y1),
            .bottom = std::max(y0, y1),
            .left = std::min(x0, x1),
            .right = std::max(x0, x1),
            .x = x0,
            .y = y0,
            .slope = 0};
  if (y0 != y1) edge.slope = static_cast<float>(x1 - x0) / static_cast<float>(y1 - y0);
  return edge;
}

int pixel_of(double coordinate) {
  constexpr double kMost = 1e8;
  return static_cast<int>(std::clamp(coordinate, -kMost, kMost));
}

/// Edges of the closed polygon; level ones that go on in the same direction are one.
std::vector<Edge> edges_of(std::span<const double> xy) {
  std::vector<int> x, y;
  for (std::size_t i = 0; i + 1 < xy.size(); i += 2)
    x.push_back(pixel_of(xy[i])), y.push_back(pixel_of(xy[i + 1]));
  std::vector<Edge> edges;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const bool goes_on = i > 0 && y[i] == y[i + 1] && y[i] == y[i - 1];
    if (goes_on && x[i + 1] > x[i] && x[i] > x[i - 1]) {
      edges.back().right = x[i + 1];
    } else if (goes_on && x[i + 1] < x[i] && x[i] < x[i - 1]) {
      edges.back().left = x[i + 1];
    } else {
      edges.push_back(edge_of(x[i], y[i], x[i + 1], y[i + 1]));
    }
  }
  if (!x.empty() && (x.back() != x.front() || y.back() != y.front()))
    edges.push_back(edge_of(x.back(), y.back(), x.front(), y.front()));
  return edges;
}

class Rows {
 public:
  Rows(std::int64_t height, std::int64_t width, std::vector<std::uint8_t>& inside)
      : height_(height), width_(width), inside_(inside) {}
  void fill(std::int64_t row, std::int64_t first, std::int64_t last) {
    if (row < 0 || row >= height_) return;
    for (std::int64_t x = std::max<std::int64_t>(first, 0); x <= std::min(last, width_ - 1); ++x)
      inside_[static_cast<std::size_t>(row * width_ + x)] = 1;
  }

 private:
  std::int64_t height_, width_;
  std::vector<std::uint8_t>& inside_;
};

/// Half a pixel to the left of a run's beginning belongs to it, half a pixel to the right of its end does not
/// go beyond.
std::int64_t rounded_up(float x) {
  return static_cast<std::int64_t>(x >= 0 ? std::floor(x + 0.5F) : -std::floor(std::fabs(x) + 0.5F));
}
std::int64_t rounded_down(float x) {
  return static_cast<std::int64_t>(x >= 0 ? std::ceil(x - 0.5F) : -std::ceil(std::fabs(x) - 0.5F));
}

bool ends_at(const Edge& edge, int row) {
  return row == edge.top || row == edge.bottom;
}

/// Where the edge meets an earlier one in a corner on this row, and both lie far to one side on the next row,
/// its crossing moves there, so that a sharp corner hangs together.
float joined_corner(const std::vector<const Edge*>& edges, std::size_t i, int row, float x) {
  const Edge& edge = *edges[i];
  const int beside = row == edge.bottom ? row - 1 : row + 1;
  for (std::size_t k = 0; k < i; ++k) {
    const Edge& other = *edges[k];
    if (!ends_at(other, row) || other.slope == 0 || std::round(x) != std::round(other.at(row))) continue;
    if (beside < other.top || beside > other.bottom) continue;
    const float left = std::min(edge.at(beside), other.at(beside)),
                right = std::max(edge.at(beside), other.at(beside));
    if (x > right + 1) return std::round(right) + 1;
    if (x < left - 1) return std::round(left) - 1;
    return x;
  }
  return x;
}

}  // namespace

void fill_polygon(std::span<const double> xy, std::int64_t height, std::int64_t width,
                  std::vector<std::uint8_t>& inside) {
  const std::vector<Edge> all = edges_of(xy);
  Rows rows(height, width, inside);
  std::vector<const Edge*> edges;
  int first = static_cast<int>(height) - 1, last = 0;
  for (const Edge& edge : all) {
    first = std::min(first, edge.top), last = std::max(last, edge.bottom);
    if (edge.top == edge.bottom)
      rows.fill(edge.top, edge.left, edge.right);
    else
      edges.push_back(&edge);
  }
  first = std::max(first, 0), last = std::min(last, static_cast<int>(height));
  for (int row = first; row <= last; ++row) {
    std::vector<float> xs;
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const Edge& edge = *edges[i];
      if (row < edge.top || row > edge.bottom) continue;
      xs.push_back(edge.at(row));
      if (row == edge.bottom && row < last)
        xs.push_back(xs.back());
      else if (edge.slope != 0 && ends_at(edge, row))
        xs.back() = joined_corner(edges, i, row, xs.back());
    }
    std::sort(xs.begin(), xs.end());
    for (std::size_t i = 1; i < xs.size(); i += 2) rows.fill(row, rounded_up(xs[i - 1]), rounded_down(xs[i]));
  }
}

void fill_rectangle(std::span<const double> xy, std::int64_t height, std::int64_t width,
                    std::vector<std::uint8_t>& inside) {
  const int left = pixel_of(std::min(xy[0], xy[2])), right = pixel_of(std::max(xy[0], xy[2]));
  const int top = pixel_of(std::min(xy[1], xy[3])), bottom = pixel_of(std::max(xy[1], xy[3]));
  Rows rows(height, width, inside);
  for (int row = std::max(top, 0); row <= bottom && row < height; ++row) rows.fill(row, left, right);
}

}  // namespace segbench::data
