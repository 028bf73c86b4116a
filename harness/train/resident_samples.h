// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/core/decode_cache.h"

namespace segbench::train {

/// Samples of a decode cache that lie in the memory of a device, as they are stored.
class ResidentSamples {
 public:
  /// Copies them there, each once; what is not enough memory is thrown as LibTorch throws it.
  ResidentSamples(const core::DecodeCache& cache, std::vector<std::int64_t> samples, torch::Device device);

  const torch::Tensor& images() const { return images_; }  ///< [S, H, W, C] uint8, or int16 for uint16
  const torch::Tensor& labels() const { return labels_; }  ///< [S, H, W] uint8
  /// Where a sample of the cache lies among them; empty when it does not.
  std::optional<std::int64_t> place(std::int64_t sample) const;
  bool have(const std::vector<std::int64_t>& samples) const;

 private:
  std::vector<std::int64_t> samples_;  ///< ascending
  torch::Tensor images_, labels_;
};

/// What so many different samples take.
std::int64_t resident_bytes(const core::CacheManifest& manifest, std::int64_t samples);

/// How much of a device samples may take: an eighth of what is free, or 256 MiB where nobody tells.
std::int64_t most_resident_bytes(std::optional<std::int64_t> free_bytes);

}  // namespace segbench::train
