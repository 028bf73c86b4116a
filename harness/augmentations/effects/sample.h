// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/core/pixel_range.h"

namespace segbench::augmentations {

/// What the samples of a trial have in common.
struct SampleFormat {
  Extent extent;
  std::int64_t channels = 0;
  core::PixelRange range = {};

  std::size_t pixels() const { return static_cast<std::size_t>(extent.height * extent.width); }
  std::size_t image_bytes() const {
    return pixels() * static_cast<std::size_t>(channels * range.sample_bytes());
  }
};

/// A decoded sample: image [height, width, channels] of 8- or 16-bit numbers, labels [height, width].
struct SampleView {
  std::span<const std::uint8_t> image, labels;
};
struct SampleBytes {
  std::span<std::uint8_t> image, labels;
};

/// Buffers that live from one sample to the next.
struct Scratch {
  std::vector<float> values, other;
};

/// Writes into `to` what `drawn` makes of `from`; the two do not overlap.
///
/// - Pixels are read at the places that the geometry names: images bilinearly, edges continued by half a
///   pixel, rounded to the nearest number; labels the nearest pixel. What lies outside is black and void.
///   Flips only move numbers.
/// - Effects on values are computed in float, one after the other, and rounded once, half up.
void apply(const Drawn& drawn, const SampleFormat& format, const SampleView& from, const SampleBytes& to,
           Scratch& scratch);

}  // namespace segbench::augmentations
