// SPDX-License-Identifier: MIT
#include "harness/core/distance_transform.h"

#include <cmath>
#include <limits>

#include "harness/core/error.h"

// Squared distances along the columns, then along the rows: the lower envelope of the parabolas that stand on
// the results of the first pass.

namespace segbench::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Lower envelope of parabolas (x - i)^2 + heights[i] at x = 0, 1, …; infinite heights have none.
class Envelope {
 public:
  explicit Envelope(std::int64_t size)
      : at_(static_cast<std::size_t>(size)), from_(static_cast<std::size_t>(size)) {}

  /// `heights` and `out` are `size` values apart by `stride`; they may be the same.
  void take(const double* heights, double* out, std::int64_t size, std::int64_t stride,
            std::vector<double>& copy) {
    copy.resize(static_cast<std::size_t>(size));
    for (std::int64_t i = 0; i < size; ++i) copy[static_cast<std::size_t>(i)] = heights[i * stride];
    std::size_t count = 0;
    for (std::int64_t i = 0; i < size; ++i) {
      if (copy[static_cast<std::size_t>(i)] == kInfinity) continue;
      double begins = -kInfinity;
      while (count > 0 && (begins = crossing(copy, at_[count - 1], i)) <= from_[count - 1]) --count;
      at_[count] = i;
      from_[count] = count == 0 ? -kInfinity : begins;
      ++count;
    }
    std::size_t current = 0;
    for (std::int64_t x = 0; x < size; ++x) {
      if (count == 0) {
        out[x * stride] = kInfinity;
        continue;
      }
      while (current + 1 < count && from_[current + 1] < static_cast<double>(x)) ++current;
      const auto away = static_cast<double>(x - at_[current]);
      out[x * stride] = away * away + copy[static_cast<std::size_t>(at_[current])];
    }
  }

 private:
  /// Where the parabola on `right` comes below the one on `left`.
  static double crossing(const std::vector<double>& heights, std::int64_t left, std::int64_t right) {
    const auto a = static_cast<double>(left), b = static_cast<double>(right);
    return (heights[static_cast<std::size_t>(right)] + b * b - heights[static_cast<std::size_t>(left)] -
            a * a) /
           (2 * (b - a));
  }

  std::vector<std::int64_t> at_;
  std::vector<double> from_;
};

}  // namespace

std::vector<double> distance_transform(std::span<const std::uint8_t> set, std::int64_t height,
                                       std::int64_t width) {
  SEGBENCH_CHECK(static_cast<std::int64_t>(set.size()) == height * width, "{} pixels for {} x {}", set.size(),
                 height, width);
  std::vector<double> distances(set.size()), line;
  for (std::size_t i = 0; i < set.size(); ++i) distances[i] = set[i] != 0 ? 0.0 : kInfinity;
  Envelope along_columns(height), along_rows(width);
  for (std::int64_t x = 0; x < width; ++x)
    along_columns.take(distances.data() + x, distances.data() + x, height, width, line);
  for (std::int64_t y = 0; y < height; ++y)
    along_rows.take(distances.data() + y * width, distances.data() + y * width, width, 1, line);
  for (double& distance : distances) distance = std::sqrt(distance);
  return distances;
}

}  // namespace segbench::core
