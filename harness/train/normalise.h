// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "harness/core/sample_normaliser.h"

namespace segbench::train {

/// core::SampleNormaliser for tensors.
class PixelNormaliser {
 public:
  PixelNormaliser(const core::Normalisation& by, std::int64_t channels, const core::PixelRange& range = {})
      : normaliser_(by, channels, range) {}

  /// An image of `count` pixels, interleaved, into count * channels `values`: in the same order for
  /// channels-last, otherwise channel by channel.
  void write(const std::uint8_t* bytes, std::int64_t count, torch::MemoryFormat format, float* values) const {
    normaliser_.write(bytes, count, format == torch::MemoryFormat::ChannelsLast, values);
  }

 private:
  core::SampleNormaliser normaliser_;
};

}  // namespace segbench::train
