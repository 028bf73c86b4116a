// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/elastic.h"

#include <cmath>

#include "harness/augmentations/effects/effect.h"

namespace segbench::augmentations {
namespace {

constexpr std::int64_t kUnit = 1 << 16;

/// Uniform in [-amplitude, amplitude] for node i of one coordinate.
std::int64_t node(std::uint64_t key, std::uint32_t i, std::int64_t amplitude) {
  const std::uint32_t bits =
      mix(mix(i) ^ static_cast<std::uint32_t>(key)) ^ static_cast<std::uint32_t>(key >> 32);
  const auto drawn = static_cast<std::int64_t>(mix(bits) & 0xFFFF);
  return (2 * drawn - 0xFFFF) * amplitude / 0xFFFF;
}

}  // namespace

std::int64_t fixed_amplitude(const Elastic& elastic) {
  return std::llround(elastic.amplitude * static_cast<double>(kUnit));
}

ElasticGrid elastic_grid(const Elastic& elastic, const Extent& extent) {
  ElasticGrid grid{.rows = (extent.height - 1) / elastic.spacing + 2,
                   .columns = (extent.width - 1) / elastic.spacing + 2,
                   .spacing = elastic.spacing,
                   .x = {},
                   .y = {}};
  const std::int64_t amplitude = fixed_amplitude(elastic);
  for (std::int64_t i = 0; i < grid.rows * grid.columns; ++i) {
    grid.x.push_back(node(elastic.key, static_cast<std::uint32_t>(2 * i), amplitude));
    grid.y.push_back(node(elastic.key, static_cast<std::uint32_t>(2 * i + 1), amplitude));
  }
  return grid;
}

std::int64_t displacement_at(const ElasticGrid& grid, const std::vector<std::int64_t>& nodes,
                             std::int64_t row, std::int64_t column) {
  const std::int64_t step = grid.spacing, whole = step * step * step;
  const std::int64_t across = elastic_weight(column % step, step), down = elastic_weight(row % step, step);
  const auto* upper = nodes.data() + row / step * grid.columns + column / step;
  const auto* lower = upper + grid.columns;
  const std::int64_t above = (upper[0] * (whole - across) + upper[1] * across) / whole,
                     below = (lower[0] * (whole - across) + lower[1] * across) / whole;
  return (above * (whole - down) + below * down) / whole * kUnit;
}

}  // namespace segbench::augmentations
