// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/effects/sample.h"
#include "harness/augmentations/torch/number_table.h"
#include "harness/augmentations/torch/values.h"
#include "harness/augmentations/torch/warp.h"

namespace segbench::augmentations {

/// What effects/sample.h does to one sample on bytes, to many on their device: of every kind of effect all
/// samples at once, those that it leaves alone with numbers that change nothing. What becomes of a sample
/// depends on no other, therefore.
class BatchEffects {
 public:
  /// Writes its rows into the table, whose columns are the samples of `drawn`. Views are chosen, and others
  /// pasted, before.
  BatchEffects(const std::vector<Drawn>& drawn, const SampleFormat& format, NumberTable& table);

  /// In place, the samples from number `first` on, whose numbers are given: `images` [N, H, W, C] float32 of
  /// the numbers that the format's range speaks of, `labels` [N, H, W] uint8. Geometry gives the same numbers
  /// as on bytes to the last bit on every device; effects on values may round differently, by one number.
  void apply(const Numbers& numbers, std::int64_t first, torch::Tensor& images, torch::Tensor& labels) const;

 private:
  BatchWarp warp_;
  BatchValues values_;
};

}  // namespace segbench::augmentations
