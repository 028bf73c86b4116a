// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace segbench::augmentations {

/// The size of a sample in pixels.
struct Extent {
  std::int64_t height = 0, width = 0;
};

/// Where each pixel of a changed sample is read: the pixel at (x, y) shows what was at
/// (xx x + xy y + x0, yx x + yy y + y0). Coordinates are pixels from the middle of the image, x to the right,
/// y down: the pixel in column i of W lies at x = i - (W - 1) / 2.
struct Affine {
  double xx = 1, xy = 0, x0 = 0;
  double yx = 0, yy = 1, y0 = 0;
  bool operator==(const Affine&) const = default;
};

inline constexpr Affine kMirrored{.xx = -1};    ///< left and right change places
inline constexpr Affine kUpsideDown{.yy = -1};  ///< top and bottom change places

/// `first` and then `second`, as one map: the product of their matrices.
Affine compose(const Affine& first, const Affine& second);

/// True for the identity, kMirrored, kUpsideDown and both: what needs no sampling.
bool is_flip(const Affine& map);

/// The same map in integers, from (column, row) to columns and rows, in units of 2^-32 pixels: a sample is
/// read at the same places on every machine and device. Multiples of a half pixel are exact.
struct FixedAffine {
  static constexpr std::int64_t kOne = std::int64_t{1} << 32;
  std::int64_t x = 0, x_by_column = 0, x_by_row = 0;  ///< of the pixel in column 0 and row 0; steps
  std::int64_t y = 0, y_by_column = 0, y_by_row = 0;
};
FixedAffine in_fixed_point(const Affine& map, const Extent& extent);

}  // namespace segbench::augmentations
