// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "harness/augmentations/augmentation.h"
#include "harness/augmentations/effects/balance.h"
#include "harness/augmentations/effects/mix.h"
#include "harness/augmentations/effects/sample.h"
#include "harness/core/random.h"

namespace segbench::augmentations::tests {

/// A sample of noise, and labels 0 … 9 in patches.
struct Picture {
  SampleFormat format;
  std::vector<std::uint8_t> image, labels;

  explicit Picture(SampleFormat of, std::uint64_t seed = 1)
      : format(std::move(of)), image(format.image_bytes()), labels(format.pixels()) {
    core::Stream stream(seed, core::Purpose::kShapes);
    for (std::uint8_t& byte : image) byte = static_cast<std::uint8_t>(stream.next_u32());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const auto width = static_cast<std::size_t>(format.extent.width);
      labels[i] = static_cast<std::uint8_t>((i % width / 3 + 3 * (i / width / 3)) % 10);
    }
  }
  Picture(std::int64_t height, std::int64_t width, std::int64_t channels, int bits = 8,
          std::uint64_t seed = 1)
      : Picture({.extent = {height, width}, .channels = channels, .range = {.bits = bits, .bounds = {}}},
                seed) {}

  int number(std::int64_t row, std::int64_t column, std::int64_t channel) const {
    const auto at =
        static_cast<std::size_t>((row * format.extent.width + column) * format.channels + channel);
    if (format.range.bits == 8) return image[at];
    std::uint16_t value = 0;
    std::memcpy(&value, image.data() + 2 * at, 2);
    return value;
  }
  void set(std::int64_t row, std::int64_t column, std::int64_t channel, int number) {
    const auto at =
        static_cast<std::size_t>((row * format.extent.width + column) * format.channels + channel);
    const auto value = static_cast<std::uint16_t>(number);
    if (format.range.bits == 8)
      image[at] = static_cast<std::uint8_t>(number);
    else
      std::memcpy(image.data() + 2 * at, &value, 2);
  }
  int label(std::int64_t row, std::int64_t column) const {
    return labels[static_cast<std::size_t>(row * format.extent.width + column)];
  }
  bool operator==(const Picture& other) const { return image == other.image && labels == other.labels; }
};

/// What is drawn for it, with a partner of its own format where one is pasted in, and ten classes that occur
/// alike.
inline Picture changed(const Picture& picture, Drawn drawn) {
  Picture mixed = picture;
  const Picture partner(picture.format, 99);
  for (const Mix& mix : drawn.mixes)
    paste(mix, picture.format, {partner.image, partner.labels}, {mixed.image, mixed.labels});
  choose_view(drawn, picture.format.extent, mixed.labels, std::vector<double>(10, 0.1));
  Picture result = mixed;
  Scratch scratch;
  apply(drawn, picture.format, {mixed.image, mixed.labels}, {result.image, result.labels}, scratch);
  return result;
}

inline Picture changed(const Picture& picture, const Affine& geometry) {
  return changed(picture, Drawn{.geometry = geometry, .values = {}});
}

inline Picture changed(const Picture& picture, const ValueEffect& effect) {
  return changed(picture, Drawn{.geometry = {}, .values = {effect}});
}

/// Calls `work(row, column)` for every pixel.
template <typename Work>
void each_pixel(const Picture& picture, Work work) {
  for (std::int64_t row = 0; row < picture.format.extent.height; ++row) {
    for (std::int64_t column = 0; column < picture.format.extent.width; ++column) work(row, column);
  }
}

}  // namespace segbench::augmentations::tests
