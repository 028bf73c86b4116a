// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/torch/number_table.h"

namespace segbench::augmentations {

/// A Mix of which it is known what it pastes.
struct Paste {
  std::int64_t partner = 0;                 ///< its place among the samples that lie on the device
  std::optional<Rectangle> rectangle = {};  ///< what is pasted; empty: `classes`
  std::array<bool, 256> classes = {};       ///< pasted_classes() of the partner
};

/// What paste() of effects/mix.h does, to many samples.
class BatchMixes {
 public:
  /// Writes its rows into the table; for each sample what is pasted into it, in turn.
  BatchMixes(const std::vector<std::vector<Paste>>& pastes, NumberTable& table);
  /// Images [N, H, W, C] and labels [N, H, W] of the samples from number `first` on, whose numbers are given;
  /// `all_images` and `all_labels` are those of the samples that partners are among.
  void apply(const Numbers& numbers, std::int64_t first, const torch::Tensor& all_images,
             const torch::Tensor& all_labels, torch::Tensor& images, torch::Tensor& labels) const;

 private:
  /// One paste of each sample, or none.
  struct Slot {
    std::int64_t partner = 0, rectangle = 0, classes = 0;  ///< rows
    std::vector<bool> of_rectangle, of_classes;
  };
  std::vector<Slot> slots_;
};

}  // namespace segbench::augmentations
