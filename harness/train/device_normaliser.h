// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "harness/core/normalise.h"
#include "harness/core/pixel_range.h"

namespace segbench::train {

/// What core::SampleNormaliser does, on a device and in single precision.
class DeviceNormaliser {
 public:
  DeviceNormaliser(const core::Normalisation& by, std::int64_t channels, const core::PixelRange& range,
                   torch::Device device);

  /// Samples [N, H, W, C] as they are stored, uint8, or int16 that stands for uint16 (LibTorch 1.13 has no
  /// unsigned 16-bit numbers), as the float32 numbers that the range speaks of.
  torch::Tensor numbers(const torch::Tensor& stored) const;
  /// A network's input [N, C, H, W] of such numbers, which are written over.
  torch::Tensor input(torch::Tensor numbers, torch::MemoryFormat format) const;

 private:
  bool is_wide_, swaps_;         ///< 16 bits; blue, green, red
  torch::Tensor scale_, shift_;  ///< [C] on the device
  torch::Tensor low_, step_;     ///< [C] likewise, of the range; undefined where samples are levels
};

}  // namespace segbench::train
