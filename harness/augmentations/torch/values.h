// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/effects/sample.h"
#include "harness/augmentations/torch/number_table.h"

namespace segbench::augmentations {

/// The effects on values of many samples (batch.h).
class BatchValues {
 public:
  BatchValues(const std::vector<Drawn>& drawn, const SampleFormat& format, NumberTable& table);
  void apply(const Numbers& numbers, std::int64_t first, torch::Tensor& images, torch::Tensor& labels) const;

  /// What one kind of effect makes of the values [N, H, W, C] of a batch, with what it takes of the labels.
  using Change =
      std::function<torch::Tensor(const Numbers&, const torch::Tensor& values, torch::Tensor& labels)>;

 private:
  /// One effect of each sample, or none: one that changes nothing.
  struct Slot {
    Change change;
    std::vector<bool> marks;
  };

  std::int64_t channels_ = 0;
  double most_ = 255;  ///< that a number can be
  std::vector<bool> is_changed_;
  std::int64_t changed_ = 0;  ///< rows: of is_changed_, and of the range's low and span, of each channel
  std::int64_t low_ = 0, span_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace segbench::augmentations
