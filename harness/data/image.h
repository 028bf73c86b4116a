// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace segbench::data {

using Bytes = std::span<const std::uint8_t>;
using Rgb = std::array<std::uint8_t, 3>;

/// 8-bit pixels [height, width, channels], row-major, channels last; RGB order or grey.
struct Image {
  std::int64_t height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> pixels;
  bool operator==(const Image&) const = default;
};

/// Class indices [height, width], row-major; core::kVoidLabel where void.
struct LabelMap {
  std::int64_t height = 0, width = 0;
  std::vector<std::uint8_t> labels;
  bool operator==(const LabelMap&) const = default;
};

/// Luminance in grey levels (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B, rounded), in integers: the same
/// everywhere.
constexpr std::uint8_t luminance(Rgb colour) {
  return static_cast<std::uint8_t>((299 * colour[0] + 587 * colour[1] + 114 * colour[2] + 500) / 1000);
}

/// An RGB image with `channels` = 3 as it is, or reduced to its luminance for `channels` = 1.
Image with_channels(Image rgb, std::int64_t channels);

/// The colour map of Pascal VOC (VOC development kit, VOClabelcolormap): bits 0, 1, 2 of the index become the
/// top bits of red, green, blue, bits 3, 4, 5 the next ones, and so on. 255 (void) is (224, 224, 192).
Rgb voc_colour(std::uint8_t index);

}  // namespace segbench::data
