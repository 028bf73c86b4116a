// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <array>
#include <cstdint>

#include "harness/core/normalise.h"

namespace segbench::train {

/// Turns bytes into a network's input by a table of the 256 values that each channel can take.
class PixelNormaliser {
 public:
  PixelNormaliser(const core::Normalisation& by, std::int64_t channels);

  /// An image of `count` pixels of 1 or 3 channels, interleaved, into as many `values`: in the same order for
  /// channels-last, otherwise channel by channel.
  void write(const std::uint8_t* bytes, std::int64_t count, torch::MemoryFormat format, float* values) const;

 private:
  std::int64_t channels_;
  std::array<int, 3> source_;
  std::array<std::array<float, 256>, 3> table_;
};

}  // namespace segbench::train
