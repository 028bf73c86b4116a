// SPDX-License-Identifier: MIT
#include "harness/core/distance_transform.h"

#include <limits>

#include "harness/core/error.h"

// Along the columns, then along the rows: the lower envelope of the parabolas that stand on the results of
// the first pass.

namespace segbench::core {
namespace {

/// Lower envelope of the parabolas (x - i)^2 + heights[i] at x = 0, 1, …; infinite heights have none.
class Envelope {
 public:
  explicit Envelope(std::int64_t size)
      : at_(static_cast<std::size_t>(size)),
        from_(static_cast<std::size_t>(size)),
        heights_(static_cast<std::size_t>(size)) {}

  /// Replaces heights by the envelope; they are `stride` apart.
  void replace(std::int64_t* values, std::int64_t stride) {
    const auto size = static_cast<std::int64_t>(heights_.size());
    for (std::int64_t i = 0; i < size; ++i) height(i) = values[i * stride];
    std::size_t count = 0;
    for (std::int64_t i = 0; i < size; ++i) {
      if (height(i) >= kInfinitelyFar) continue;
      double begins = -std::numeric_limits<double>::infinity();
      while (count > 0 && (begins = crossing(at_[count - 1], i)) <= from_[count - 1]) --count;
      at_[count] = i;
      from_[count] = count == 0 ? -std::numeric_limits<double>::infinity() : begins;
      ++count;
    }
    if (count == 0) return;
    std::size_t current = 0;
    for (std::int64_t x = 0; x < size; ++x) {
      while (current + 1 < count && from_[current + 1] < static_cast<double>(x)) ++current;
      const std::int64_t away = x - at_[current];
      values[x * stride] = away * away + height(at_[current]);
    }
  }

 private:
  std::int64_t& height(std::int64_t i) { return heights_[static_cast<std::size_t>(i)]; }
  /// Where the parabola on `right` comes below the one on `left`.
  double crossing(std::int64_t left, std::int64_t right) {
    return static_cast<double>(height(right) + right * right - height(left) - left * left) /
           static_cast<double>(2 * (right - left));
  }

  std::vector<std::int64_t> at_;
  std::vector<double> from_;
  std::vector<std::int64_t> heights_;
};

}  // namespace

std::vector<std::int64_t> squared_distances(std::span<const std::uint8_t> set, std::int64_t height,
                                            std::int64_t width) {
  SEGBENCH_CHECK(static_cast<std::int64_t>(set.size()) == height * width, "{} pixels for {} x {}", set.size(),
                 height, width);
  std::vector<std::int64_t> squares(set.size());
  for (std::size_t i = 0; i < set.size(); ++i) squares[i] = set[i] != 0 ? 0 : kInfinitelyFar;
  Envelope along_columns(height), along_rows(width);
  for (std::int64_t x = 0; x < width; ++x) along_columns.replace(squares.data() + x, width);
  for (std::int64_t y = 0; y < height; ++y) along_rows.replace(squares.data() + y * width, 1);
  return squares;
}

}  // namespace segbench::core
