// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::core {

/// What the samples of decoded images mean: a sample v of channel c becomes the level
/// 255 clamp((v - low) / (high - low), 0, 1), which normalisations speak of.
struct PixelRange {
  int bits = 8;                               ///< of a sample: 8 or 16
  std::vector<std::array<double, 2>> bounds;  ///< {low, high} of each channel; empty: 0 and 2^bits - 1

  std::int64_t sample_bytes() const { return bits == 16 ? 2 : 1; }
  std::array<double, 2> of(std::size_t channel) const {
    return bounds.empty() ? std::array<double, 2>{0.0, bits == 16 ? 65535.0 : 255.0} : bounds[channel];
  }
  /// The level, 0 to 255. Without bounds, 8-bit samples are their own level, exactly.
  double level(std::size_t channel, double sample) const {
    if (bounds.empty()) return bits == 16 ? sample / 257.0 : sample;
    const auto [low, high] = bounds[channel];
    return 255.0 * std::clamp((sample - low) / (high - low), 0.0, 1.0);
  }
  bool operator==(const PixelRange&) const = default;
};
Json to_json(const PixelRange& range);
/// Without the keys of to_json(): 8 bits without bounds.
PixelRange pixel_range_from_json(const Json& json);

/// Counts samples of each channel, for the percentiles 1 and 99 (nearest rank) of all that was added.
class PercentileCounter {
 public:
  PercentileCounter(std::int64_t channels, int bits);
  /// [pixels, channels] of 8- or 16-bit samples as they lie in memory.
  void add(std::span<const std::byte> samples);
  /// Low and high of each channel; high is above low also where all samples are equal.
  std::vector<std::array<double, 2>> bounds() const;

 private:
  std::int64_t channels_;
  int bits_;
  std::vector<std::vector<std::int64_t>> counts_;
};

/// The range that `data.range` asks for, of the images in a decode cache; percentiles are those of the
/// training samples at cache resolution.
PixelRange pixel_range(const DataConfig& data, const DecodeCache& cache, std::span<const std::int64_t> train);

/// Samples [pixels, channels] as a picture for people: levels of the first three channels, or of the first
/// one if there are fewer.
std::vector<std::uint8_t> view_pixels(std::span<const std::byte> samples, std::int64_t channels,
                                      const PixelRange& range);

}  // namespace segbench::core
