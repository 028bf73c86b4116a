// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/torch/number_table.h"

namespace segbench::augmentations {

/// Flips of many samples (is_flip()), on tensors of any type.
class BatchFlips {
 public:
  /// Writes its rows into the table and takes the flips out of `drawn`: what other geometry is there remains.
  BatchFlips(std::vector<Drawn>& drawn, NumberTable& table);
  /// Images [N, H, W, C] and labels [N, H, W] of the samples from number `first` on, whose numbers are given.
  void apply(const Numbers& numbers, std::int64_t first, torch::Tensor& images, torch::Tensor& labels) const;

 private:
  struct Flip {
    std::int64_t dimension = 0;  ///< of images
    std::int64_t row = 0;
    std::vector<bool> marks;
  };
  std::vector<Flip> flips_;
};

}  // namespace segbench::augmentations
