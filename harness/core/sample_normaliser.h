// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/core/normalise.h"
#include "harness/core/pixel_range.h"

namespace segbench::core {

/// Turns samples of 8 or 16 bits into a network's input, by a table of all values that each channel can take.
class SampleNormaliser {
 public:
  SampleNormaliser(const Normalisation& by, std::int64_t channels, const PixelRange& range = {});

  /// An image of `count` pixels, interleaved, into count * channels `values`: in the same order when
  /// `interleaved`, otherwise channel by channel.
  void write(const std::uint8_t* bytes, std::int64_t count, bool interleaved, float* values) const;

 private:
  template <typename Sample>
  void write_samples(const Sample* samples, std::int64_t count, bool interleaved, float* values) const;

  std::int64_t channels_;
  int bits_;
  std::vector<int> source_;
  std::vector<std::vector<float>> tables_;  ///< one for each output channel
};

}  // namespace segbench::core
