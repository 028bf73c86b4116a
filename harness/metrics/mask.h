// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace segbench::metrics {

/// One class of a label map against all others, row by row: 1 where it is.
struct Mask {
  std::int64_t height = 0, width = 0;
  std::vector<std::uint8_t> set;  ///< [height * width], 0 or 1

  bool at(std::int64_t row, std::int64_t column) const {
    return set[static_cast<std::size_t>(row * width + column)] != 0;
  }
  bool is_empty() const;
};

/// The pixels of `label_class` in `labels`, which are [height, width]; what is void in `truth` is left out.
Mask class_mask(std::span<const std::uint8_t> labels, std::span<const std::uint8_t> truth,
                std::int64_t height, std::int64_t width, std::uint8_t label_class);

/// A mask without its erosion by the 4-neighbour cross; what lies outside the image counts as background.
Mask surface_of(const Mask& mask);

/// A mask without what is left of it after `depth` erosions by the 3 x 3 square, likewise.
Mask band_of(const Mask& mask, std::int64_t depth);

/// The boundary of a mask as the DAVIS 2017 evaluation draws it: pixels that differ from their neighbour in
/// the east, south or south-east (in the last row in the east only, in the last column in the south).
Mask boundary_map(const Mask& mask);

/// Squared Euclidean distance of each pixel from the nearest one that is set: exact integers (Felzenszwalb
/// and Huttenlocher, Theory of Computing 8, 2012). The mask must not be empty.
std::vector<std::int64_t> squared_distances(const Mask& mask);

}  // namespace segbench::metrics
