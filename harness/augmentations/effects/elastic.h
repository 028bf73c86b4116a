// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/augmentations/effects/affine.h"

namespace segbench::augmentations {

/// A smooth random displacement of every pixel, added to the place that the affine map names: each coordinate
/// is noise between -amplitude and amplitude pixels at the nodes of a grid, `spacing` pixels apart, blended
/// between them by the smoothstep 3 t^2 - 2 t^3.
struct Elastic {
  double amplitude = 0;
  std::int64_t spacing = 16;
  std::uint64_t key = 0;  ///< of the noise
};

/// Its amplitude in units of 2^-16 pixels.
std::int64_t fixed_amplitude(const Elastic& elastic);

/// The nodes of both coordinates, row by row, in units of 2^-16 pixels. Integer arithmetic, so that every
/// device has the same.
struct ElasticGrid {
  std::int64_t rows = 0, columns = 0, spacing = 1;
  std::vector<std::int64_t> x, y;
};
ElasticGrid elastic_grid(const Elastic& elastic, const Extent& extent);

/// The weight of the next node at `offset` of `spacing` pixels, of spacing^3.
constexpr std::int64_t elastic_weight(std::int64_t offset, std::int64_t spacing) {
  return offset * offset * (3 * spacing - 2 * offset);
}

/// The displacement of a pixel in units of 2^-32 pixels, of one coordinate's nodes.
std::int64_t displacement_at(const ElasticGrid& grid, const std::vector<std::int64_t>& nodes,
                             std::int64_t row, std::int64_t column);

}  // namespace segbench::augmentations
