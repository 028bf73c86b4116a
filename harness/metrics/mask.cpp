// SPDX-License-Identifier: MIT
#include "harness/metrics/mask.h"

#include <algorithm>

#include "harness/core/counts.h"
#include "harness/core/distance_transform.h"
#include "harness/core/error.h"

namespace segbench::metrics {
namespace {

Mask empty_like(const Mask& mask) {
  return {mask.height, mask.width, std::vector<std::uint8_t>(mask.set.size())};
}

/// Lines of pixels: the rows or the columns of an image.
struct Lines {
  std::int64_t count, length, line_step, step;
  std::size_t at(std::int64_t line, std::int64_t i) const {
    return static_cast<std::size_t>(line * line_step + i * step);
  }
};
Lines rows_of(const Mask& mask) {
  return {mask.height, mask.width, mask.width, 1};
}
Lines columns_of(const Mask& mask) {
  return {mask.width, mask.height, 1, mask.width};
}

/// Pixels whose `depth` neighbours on both sides in their line are set, too.
Mask eroded_along(const Mask& mask, const Lines& lines, std::int64_t depth) {
  Mask inside = empty_like(mask);
  for (std::int64_t l = 0; l < lines.count; ++l) {
    for (std::int64_t i = 0, run = 0; i < lines.length; ++i) {
      run = mask.set[lines.at(l, i)] != 0 ? run + 1 : 0;
      if (run > 2 * depth) inside.set[lines.at(l, i - depth)] = 1;
    }
  }
  return inside;
}

Mask without(Mask mask, const Mask& taken) {
  for (std::size_t i = 0; i < mask.set.size(); ++i)
    mask.set[i] = mask.set[i] != 0 && taken.set[i] == 0 ? 1 : 0;
  return mask;
}

}  // namespace

bool Mask::is_empty() const {
  return std::none_of(set.begin(), set.end(), [](std::uint8_t value) { return value != 0; });
}

Mask class_mask(std::span<const std::uint8_t> labels, std::span<const std::uint8_t> truth,
                std::int64_t height, std::int64_t width, std::uint8_t label_class) {
  Mask mask{height, width, std::vector<std::uint8_t>(labels.size())};
  for (std::size_t i = 0; i < labels.size(); ++i)
    mask.set[i] = labels[i] == label_class && truth[i] != core::kVoidLabel ? 1 : 0;
  return mask;
}

Mask surface_of(const Mask& mask) {
  const Mask in_row = eroded_along(mask, rows_of(mask), 1),
             in_column = eroded_along(mask, columns_of(mask), 1);
  Mask surface = mask;
  for (std::size_t i = 0; i < mask.set.size(); ++i) {
    if (in_row.set[i] != 0 && in_column.set[i] != 0) surface.set[i] = 0;
  }
  return surface;
}

Mask band_of(const Mask& mask, std::int64_t depth) {
  return without(mask, eroded_along(eroded_along(mask, rows_of(mask), depth), columns_of(mask), depth));
}

Mask boundary_map(const Mask& mask) {
  Mask boundary = empty_like(mask);
  for (std::int64_t y = 0, i = 0; y < mask.height; ++y) {
    for (std::int64_t x = 0; x < mask.width; ++x, ++i) {
      const bool here = mask.at(y, x), below = y + 1 < mask.height, beside = x + 1 < mask.width;
      const bool differs = (beside && mask.at(y, x + 1) != here) || (below && mask.at(y + 1, x) != here) ||
                           (below && beside && mask.at(y + 1, x + 1) != here);
      boundary.set[static_cast<std::size_t>(i)] = differs ? 1 : 0;
    }
  }
  return boundary;
}

std::vector<std::int64_t> squared_distances(const Mask& mask) {
  SEGBENCH_CHECK(!mask.is_empty(), "distances from nothing, {} x {}", mask.height, mask.width);
  return core::squared_distances(mask.set, mask.height, mask.width);
}

}  // namespace segbench::metrics
