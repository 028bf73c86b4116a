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

/// Samples [height, width, channels], row-major, channels last: grey, RGB or any bands. They have 8 bits and
/// stand in `pixels`, or 16 bits and stand in `wide`; the other one is empty. Code that needs no more than a
/// look at an image takes grey_view(), which serves any depth and any number of bands.
struct Image {
  std::int64_t height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint16_t> wide = {};

  int bits() const { return wide.empty() ? 8 : 16; }
  /// The samples as they lie in memory.
  std::span<const std::byte> bytes() const {
    return wide.empty() ? std::as_bytes(std::span(pixels)) : std::as_bytes(std::span(wide));
  }
  /// Calls `work` with the samples, std::vector<std::uint8_t> or std::vector<std::uint16_t>.
  template <typename Work>
  auto visit(Work work) {
    return wide.empty() ? work(pixels) : work(wide);
  }
  template <typename Work>
  auto visit(Work work) const {
    return wide.empty() ? work(pixels) : work(wide);
  }
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

/// An image as it is when it has `channels`; an RGB image is reduced to its luminance for `channels` = 1.
Image with_channels(Image image, std::int64_t channels);

/// 16-bit samples scaled to 8 bits by 255/65535 and rounded, 8-bit ones as they are.
Image to_8_bits(Image image);
/// 8-bit samples times 257, so that 255 becomes 65535; 16-bit ones as they are.
Image to_16_bits(Image image);

/// An 8-bit grey picture [H, W, 1] of any image, for checks that look at shapes: the luminance of the first
/// three channels, else the first channel; 16-bit samples are stretched so that the image's largest one
/// becomes 255.
Image grey_view(const Image& image);

/// The image as EXIF and TIFF `orientation`, 1 to 8, asks to see it; also for label maps.
Image oriented(Image image, int orientation);
LabelMap oriented(LabelMap map, int orientation);

/// The colour map of Pascal VOC (VOC development kit, VOClabelcolormap): bits 0, 1, 2 of the index become the
/// top bits of red, green, blue, bits 3, 4, 5 the next ones, and so on. 255 (void) is (224, 224, 192).
Rgb voc_colour(std::uint8_t index);

}  // namespace segbench::data
