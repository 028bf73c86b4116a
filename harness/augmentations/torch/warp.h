// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/torch/number_table.h"

namespace segbench::augmentations {

/// The geometry of many samples, sampled in one go (batch.h).
class BatchWarp {
 public:
  BatchWarp(const std::vector<Drawn>& drawn, const Extent& extent, NumberTable& table);
  void apply(const Numbers& numbers, std::int64_t first, torch::Tensor& images, torch::Tensor& labels) const;

 private:
  /// One elastic effect of each sample, or none: one of amplitude 0.
  struct Slot {
    std::int64_t spacing = 0, occurrence = 0;  ///< the how manieth of this spacing
    std::int64_t row = 0;                      ///< amplitude, and the halves of the key
    std::vector<bool> marks;
  };
  Slot& slot_of(std::int64_t spacing, std::int64_t occurrence, NumberTable& table);
  void displace(const Slot& slot, const Numbers& numbers, torch::Tensor& x, torch::Tensor& y) const;

  Extent extent_;
  std::vector<bool> moves_;
  std::int64_t maps_ = 0;  ///< six rows
  std::vector<Slot> slots_;
};

}  // namespace segbench::augmentations
