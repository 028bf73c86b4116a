// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/balance.h"

#include <algorithm>
#include <cmath>

namespace segbench::augmentations {
namespace {

constexpr std::int64_t kPlaces = 32;  ///< along each side

/// The pixels of every class, and void, that a view shows, counted on a grid.
std::vector<std::int64_t> pixels_in_view(const Affine& view, const Extent& extent,
                                         std::span<const std::uint8_t> labels, std::size_t classes) {
  constexpr std::int64_t kHalfPixel = FixedAffine::kOne / 2;
  const FixedAffine map = in_fixed_point(view, extent);
  const std::int64_t down = (extent.height + kPlaces - 1) / kPlaces,
                     across = (extent.width + kPlaces - 1) / kPlaces;
  std::vector<std::int64_t> pixels(classes + 1);
  for (std::int64_t row = down / 2; row < extent.height; row += down) {
    for (std::int64_t column = across / 2; column < extent.width; column += across) {
      const std::int64_t x = (map.x + row * map.x_by_row + column * map.x_by_column + kHalfPixel) >> 32,
                         y = (map.y + row * map.y_by_row + column * map.y_by_column + kHalfPixel) >> 32;
      if (x < 0 || x >= extent.width || y < 0 || y >= extent.height) continue;
      const std::size_t label = labels[static_cast<std::size_t>(y * extent.width + x)];
      ++pixels[std::min(label, classes)];
    }
  }
  return pixels;
}

}  // namespace

std::vector<double> class_shares(std::span<const std::int64_t> pixels) {
  std::vector<double> shares(pixels.empty() ? 0 : pixels.size() - 1);
  std::int64_t all = 0;
  for (std::size_t c = 0; c < shares.size(); ++c) all += pixels[c];
  for (std::size_t c = 0; all > 0 && c < shares.size(); ++c)
    shares[c] = static_cast<double>(pixels[c]) / static_cast<double>(all);
  return shares;
}

double distance_to_balance(std::span<const double> shares, std::span<const double> training) {
  double sum = 0, differences = 0;
  int classes = 0;
  for (const double share : shares) sum += share;
  for (const double share : training) classes += share > 0 ? 1 : 0;
  if (sum == 0 || classes == 0) return 0;
  for (std::size_t c = 0; c < shares.size(); ++c)
    differences += std::abs(shares[c] / sum - (training[c] > 0 ? 1.0 / classes : 0.0));
  return differences / 2;
}

void choose_view(Drawn& drawn, const Extent& extent, std::span<const std::uint8_t> labels,
                 std::span<const double> training) {
  double nearest = 2;
  for (const Affine& view : drawn.views) {
    std::vector<double> together = class_shares(pixels_in_view(view, extent, labels, training.size()));
    for (std::size_t c = 0; c < together.size(); ++c) together[c] += training[c];
    const double distance = distance_to_balance(together, training);
    if (distance < nearest) nearest = distance, drawn.geometry = view;
  }
  drawn.views.clear();
}

}  // namespace segbench::augmentations
