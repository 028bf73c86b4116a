// SPDX-License-Identifier: MIT
#include <cstring>

#include "harness/augmentations/effects/geometry.h"

namespace segbench::augmentations {
namespace {

/// Pixels of a size that the compiler knows are moved many times as fast.
template <std::int64_t kBytes>
void mirror_row(const std::uint8_t* from, std::int64_t width, std::uint8_t* to) {
  for (std::int64_t i = 0; i < width; ++i)
    std::memcpy(to + i * kBytes, from + (width - 1 - i) * kBytes, static_cast<std::size_t>(kBytes));
}

void mirror_row(const std::uint8_t* from, std::int64_t width, std::int64_t pixel_bytes, std::uint8_t* to) {
  if (pixel_bytes == 1) return mirror_row<1>(from, width, to);
  if (pixel_bytes == 3) return mirror_row<3>(from, width, to);
  for (std::int64_t i = 0; i < width; ++i) {
    std::memcpy(to + i * pixel_bytes, from + (width - 1 - i) * pixel_bytes,
                static_cast<std::size_t>(pixel_bytes));
  }
}

void flip_plane(const Affine& map, const Extent& extent, std::int64_t pixel_bytes, const std::uint8_t* from,
                std::uint8_t* to) {
  const std::int64_t row_bytes = extent.width * pixel_bytes;
  for (std::int64_t row = 0; row < extent.height; ++row) {
    const std::uint8_t* source = from + (map.yy < 0 ? extent.height - 1 - row : row) * row_bytes;
    if (map.xx < 0)
      mirror_row(source, extent.width, pixel_bytes, to + row * row_bytes);
    else
      std::memcpy(to + row * row_bytes, source, static_cast<std::size_t>(row_bytes));
  }
}

}  // namespace

void flip(const Affine& map, const SampleFormat& format, const SampleView& from, const SampleBytes& to) {
  flip_plane(map, format.extent, format.channels * format.range.sample_bytes(), from.image.data(),
             to.image.data());
  flip_plane(map, format.extent, 1, from.labels.data(), to.labels.data());
}

}  // namespace segbench::augmentations
