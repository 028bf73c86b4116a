// SPDX-License-Identifier: MIT
#include <algorithm>

#include "harness/augmentations/effects/geometry.h"
#include "harness/core/counts.h"

namespace segbench::augmentations {
namespace {

constexpr std::int64_t kHalf = FixedAffine::kOne / 2;
constexpr std::int64_t kWeightOne = 1 << 16;  ///< of an interpolation's weights

/// One coordinate of a place to read: the two neighbours and the weight of the second.
struct Between {
  std::int64_t first, second, weight;
};

Between between(std::int64_t place, std::int64_t size) {
  const std::int64_t inside = std::clamp<std::int64_t>(place, 0, (size - 1) * FixedAffine::kOne);
  const std::int64_t first = inside >> 32;
  return {first, std::min(first + 1, size - 1), (inside & (FixedAffine::kOne - 1)) >> 16};
}

template <typename Number>
void interpolate(const Number* image, const Extent& extent, std::int64_t channels, std::int64_t x,
                 std::int64_t y, Number* to) {
  const Between column = between(x, extent.width), row = between(y, extent.height);
  const Number* upper = image + row.first * extent.width * channels;
  const Number* lower = image + row.second * extent.width * channels;
  const std::int64_t left = column.first * channels, right = column.second * channels;
  for (std::int64_t c = 0; c < channels; ++c) {
    const std::int64_t above =
        upper[left + c] * (kWeightOne - column.weight) + upper[right + c] * column.weight;
    const std::int64_t below =
        lower[left + c] * (kWeightOne - column.weight) + lower[right + c] * column.weight;
    to[c] = static_cast<Number>((above * (kWeightOne - row.weight) + below * row.weight + kHalf) >> 32);
  }
}

template <typename Number>
void warp_numbers(const FixedAffine& map, const std::vector<ElasticGrid>& grids, const SampleFormat& format,
                  const Number* image, const std::uint8_t* labels, Number* image_to,
                  std::uint8_t* labels_to) {
  const auto& [height, width] = format.extent;
  for (std::int64_t row = 0; row < height; ++row) {
    std::int64_t x = map.x + row * map.x_by_row, y = map.y + row * map.y_by_row;
    for (std::int64_t column = 0; column < width;
         ++column, x += map.x_by_column, y += map.y_by_column, ++labels_to, image_to += format.channels) {
      std::int64_t at_x = x, at_y = y;
      for (const ElasticGrid& grid : grids) {
        at_x += displacement_at(grid, grid.x, row, column);
        at_y += displacement_at(grid, grid.y, row, column);
      }
      const std::int64_t nearest_x = (at_x + kHalf) >> 32, nearest_y = (at_y + kHalf) >> 32;
      if (nearest_x < 0 || nearest_x >= width || nearest_y < 0 || nearest_y >= height) {
        *labels_to = core::kVoidLabel;
        std::fill_n(image_to, format.channels, Number{0});
        continue;
      }
      *labels_to = labels[nearest_y * width + nearest_x];
      interpolate(image, format.extent, format.channels, at_x, at_y, image_to);
    }
  }
}

}  // namespace

void warp(const Affine& map, const std::vector<Elastic>& elastic, const SampleFormat& format,
          const SampleView& from, const SampleBytes& to) {
  const FixedAffine fixed = in_fixed_point(map, format.extent);
  std::vector<ElasticGrid> grids;
  for (const Elastic& one : elastic) grids.push_back(elastic_grid(one, format.extent));
  if (format.range.bits == 16) {  // samples begin at even addresses
    warp_numbers(fixed, grids, format, reinterpret_cast<const std::uint16_t*>(from.image.data()),
                 from.labels.data(), reinterpret_cast<std::uint16_t*>(to.image.data()), to.labels.data());
  } else {
    warp_numbers(fixed, grids, format, from.image.data(), from.labels.data(), to.image.data(),
                 to.labels.data());
  }
}

}  // namespace segbench::augmentations
