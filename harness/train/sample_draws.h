// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/augmentations/augmentation.h"
#include "harness/augmentations/effects/sample.h"
#include "harness/core/decode_cache.h"
#include "harness/train/batch_source.h"

namespace segbench::train {

/// What happens to the samples of a plan, drawn from our streams on the CPU: the same for every source of
/// batches.
class SampleDraws {
 public:
  /// The cache and the augmentations must outlive it.
  SampleDraws(const core::DecodeCache& cache, const augmentations::Augmentations& augmentations,
              const core::PixelRange& range);

  const augmentations::SampleFormat& format() const { return format_; }
  /// `plan` is complete (completed()) and must outlive what is asked after.
  void follow(const BatchPlan& plan);

  /// For a sample into which others are pasted.
  struct Buffers {
    std::vector<std::uint8_t> image, labels;
  };
  /// What happens to the sample at a position of the order, its view chosen. May be asked by several threads.
  augmentations::Drawn draw(std::int64_t position, Buffers& buffers) const;
  /// That sample as it is stored, or, where others are pasted into it, in the buffers.
  augmentations::SampleView stored(std::int64_t position, const augmentations::Drawn& drawn,
                                   Buffers& buffers) const;
  /// The sample that is pasted into the one at a position.
  std::int64_t partner(const augmentations::Mix& mix, std::int64_t position) const;

 private:
  std::int64_t index(std::int64_t position) const { return plan_->order[static_cast<std::size_t>(position)]; }

  const core::DecodeCache& cache_;
  const augmentations::Augmentations& augmentations_;
  augmentations::SampleFormat format_;
  const BatchPlan* plan_ = nullptr;
  std::vector<double> shares_;  ///< of the partners' labels, class by class
};

}  // namespace segbench::train
