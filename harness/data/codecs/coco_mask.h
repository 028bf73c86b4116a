// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "harness/data/codecs/image.h"

// Masks as COCO's annotations hold them, with the very pixels that COCO's own tools (pycocotools) give them.

namespace segbench::data {

/// Lengths of runs down the columns of a mask [height, width], column after column: outside, inside, outside,
/// ….
struct CocoRuns {
  std::int64_t height = 0, width = 0;
  std::vector<std::uint32_t> counts;
};

/// Reads compressed counts: numbers of 5 bits a character from '0', lowest first, bit 5 meaning that more
/// follow, signed; from the fourth on they are differences to the one but last. Throws core::UserError for
/// other characters and negative counts.
std::vector<std::uint32_t> coco_counts(std::string_view text);

/// The mask of a polygon x0, y0, x1, y1, … in pixels, by COCO's rule: corners go to a grid of fifths of a
/// pixel, edges are drawn there, and a column's run begins or ends where an edge crosses the middle of the
/// column, at the row below. Even-odd, where edges cross. `xy` has at least three corners.
CocoRuns coco_polygon(std::span<const double> xy, std::int64_t height, std::int64_t width);

/// Sets the pixels inside the runs in a mask of 0 and 1, row by row. Throws core::UserError when the runs do
/// not cover [height, width] exactly.
void add_runs(const CocoRuns& runs, std::int64_t height, std::int64_t width,
              std::vector<std::uint8_t>& inside);

}  // namespace segbench::data
