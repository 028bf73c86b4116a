// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "harness/augmentations/torch/batch.h"
#include "harness/augmentations/torch/flip.h"
#include "harness/augmentations/torch/mix.h"
#include "harness/train/batch_source.h"
#include "harness/train/device_normaliser.h"
#include "harness/train/resident_samples.h"
#include "harness/train/sample_draws.h"

namespace segbench::train {

/// Makes batches on a device out of samples that lie there. What happens to all samples of a plan is drawn on
/// the CPU when its first batch is asked for, and copied to the device at once; of a batch nothing is copied.
/// All is asked of the current stream of the thread that calls next(), so that it is in order with what that
/// thread asks of the device afterwards.
class ResidentBatches final : public BatchSource {
 public:
  /// The cache and the augmentations must outlive it. Plans that name other samples are for `others`, which
  /// stay with the caller where this throws.
  ResidentBatches(const core::DecodeCache& cache, const augmentations::Augmentations& augmentations,
                  BatchFormat format, ResidentSamples samples, std::unique_ptr<BatchSource>&& others);

  void start(BatchPlan plan) override;
  const Batch* next() override;
  double waited_seconds() const override;

 private:
  /// What happens to the samples of a plan, from its first batch on.
  struct Course {
    std::int64_t place = 0;  ///< row: where a sample lies
    augmentations::BatchMixes mixes;
    augmentations::BatchFlips flips;
    augmentations::BatchEffects effects;
    augmentations::Numbers numbers;
  };

  std::vector<augmentations::Drawn> draw_all(std::int64_t first) const;
  augmentations::Paste paste_of(const augmentations::Mix& mix, std::int64_t position) const;
  Course prepare() const;

  const core::DecodeCache& cache_;
  BatchFormat format_;
  SampleDraws draws_;
  DeviceNormaliser normaliser_;
  ResidentSamples samples_;
  std::unique_ptr<BatchSource> others_;

  BatchPlan plan_;
  bool is_for_others_ = false;
  std::optional<Course> course_;
  Batch batch_;
  std::int64_t next_batch_ = 0;
  double waited_seconds_ = 0;
};

}  // namespace segbench::train
