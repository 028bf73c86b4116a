// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/data/codecs/image.h"
#include "harness/data/codecs/probability_file.h"

// Large images are cut into overlapping tiles of the size that a network sees, and what it says of them is
// put together at the image's size.

namespace segbench::data {

/// A window of an image, from its upper left corner. It may reach beyond an image that is smaller.
struct Tile {
  std::int64_t row = 0, column = 0, height = 0, width = 0;
  bool operator==(const Tile&) const = default;
};

/// The fewest tiles that cover an image, each overlapping the next by at least the fraction `overlap` (0 to
/// 0.9) of its side, evenly spaced, row by row.
std::vector<Tile> tiles_of(std::int64_t height, std::int64_t width, std::int64_t tile_height,
                           std::int64_t tile_width, double overlap);

/// The window of an image; beyond its edge the last row and column are repeated.
Image crop(const Image& image, const Tile& tile);

/// The mean of the tiles' probabilities at every pixel, each tile counting the less the nearer the pixel is
/// to its edge (by the product of the distances in both directions).
Probabilities merge_tiles(std::span<const Tile> tiles, std::span<const Probabilities> of_tiles,
                          std::int64_t height, std::int64_t width);

/// The most probable class of each pixel, the first one of equals; with `threshold` (not below 0), of two
/// classes the second one where its probability, widened to double, is above it.
LabelMap decide(const Probabilities& probabilities, double threshold = -1);

}  // namespace segbench::data
