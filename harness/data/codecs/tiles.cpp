// SPDX-License-Identifier: MIT
#include "harness/data/codecs/tiles.h"

#include <algorithm>
#include <cmath>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

/// Where tiles begin along one side.
std::vector<std::int64_t> begins(std::int64_t length, std::int64_t tile, double overlap) {
  if (length <= tile) return {0};
  const double step = std::max(1.0, std::floor(static_cast<double>(tile) * (1 - overlap)));
  const auto count = static_cast<std::int64_t>(std::ceil(static_cast<double>(length - tile) / step)) + 1;
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back((length - tile) * i / (count - 1));
  return all;
}

/// 1 in the first and last pixel of a side, growing towards its middle.
float weight(std::int64_t i, std::int64_t length) {
  return static_cast<float>(std::min(i + 1, length - i));
}

}  // namespace

std::vector<Tile> tiles_of(std::int64_t height, std::int64_t width, std::int64_t tile_height,
                           std::int64_t tile_width, double overlap) {
  std::vector<Tile> tiles;
  for (const std::int64_t row : begins(height, tile_height, overlap)) {
    for (const std::int64_t column : begins(width, tile_width, overlap))
      tiles.push_back({row, column, tile_height, tile_width});
  }
  return tiles;
}

Image crop(const Image& image, const Tile& tile) {
  Image window{.height = tile.height, .width = tile.width, .channels = image.channels, .pixels = {}};
  const auto copy = [&](const auto& from, auto& to) {
    for (std::int64_t y = 0; y < tile.height; ++y) {
      const std::int64_t row = std::min(tile.row + y, image.height - 1);
      for (std::int64_t x = 0; x < tile.width; ++x) {
        const std::int64_t column = std::min(tile.column + x, image.width - 1);
        const auto pixel = from.begin() + (row * image.width + column) * image.channels;
        to.insert(to.end(), pixel, pixel + image.channels);
      }
    }
  };
  if (image.wide.empty())
    copy(image.pixels, window.pixels);
  else
    copy(image.wide, window.wide);
  return window;
}

Probabilities merge_tiles(std::span<const Tile> tiles, std::span<const Probabilities> of_tiles,
                          std::int64_t height, std::int64_t width) {
  SEGBENCH_CHECK(tiles.size() == of_tiles.size() && !tiles.empty(), "{} tiles, {} answers", tiles.size(),
                 of_tiles.size());
  const auto pixels = static_cast<std::size_t>(height * width);
  Probabilities merged{height, width, of_tiles[0].classes,
                       std::vector<float>(of_tiles[0].classes.size() * pixels)};
  std::vector<float> weights(pixels);
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    const Tile& tile = tiles[t];
    const auto tile_pixels = static_cast<std::size_t>(tile.height * tile.width);
    for (std::int64_t y = 0; y < std::min(tile.height, height - tile.row); ++y) {
      for (std::int64_t x = 0; x < std::min(tile.width, width - tile.column); ++x) {
        const auto to = static_cast<std::size_t>((tile.row + y) * width + tile.column + x);
        const auto from = static_cast<std::size_t>(y * tile.width + x);
        const float share = weight(y, tile.height) * weight(x, tile.width);
        weights[to] += share;
        for (std::size_t c = 0; c < merged.classes.size(); ++c)
          merged.values[c * pixels + to] += share * of_tiles[t].values[c * tile_pixels + from];
      }
    }
  }
  for (std::size_t i = 0; i < merged.values.size(); ++i) merged.values[i] /= weights[i % pixels];
  return merged;
}

LabelMap decide(const Probabilities& probabilities, double threshold) {
  const auto pixels = static_cast<std::size_t>(probabilities.height * probabilities.width);
  SEGBENCH_CHECK(threshold < 0 || probabilities.classes.size() == 2, "a threshold between {} classes",
                 probabilities.classes.size());
  LabelMap map{probabilities.height, probabilities.width, std::vector<std::uint8_t>(pixels)};
  for (std::size_t i = 0; i < pixels; ++i) {
    const auto of = [&](std::size_t c) { return probabilities.values[c * pixels + i]; };
    if (threshold >= 0) {
      map.labels[i] = static_cast<double>(of(1)) > threshold ? 1 : 0;
      continue;
    }
    for (std::size_t c = 1; c < probabilities.classes.size(); ++c) {
      if (of(c) > of(map.labels[i])) map.labels[i] = static_cast<std::uint8_t>(c);
    }
  }
  return map;
}

}  // namespace segbench::data
