// SPDX-License-Identifier: MIT
#pragma once

#include <c10/core/Event.h>
#include <torch/torch.h>

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "harness/augmentations/augmentation.h"
#include "harness/augmentations/effects/sample.h"
#include "harness/augmentations/torch/batch.h"
#include "harness/core/decode_cache.h"
#include "harness/train/batch_source.h"
#include "harness/train/device_normaliser.h"
#include "harness/train/normalise.h"
#include "harness/train/sample_draws.h"

namespace segbench::train {

/// Makes batches out of the decode cache on a thread of its own, one ahead of the one in use, into two
/// buffers that are allocated once. The thread draws what happens to each sample and, on a CPU, does it. On a
/// GPU, bytes are copied from pinned memory, and changed and normalised on the device; only flips are done in
/// copying.
class BatchLoader final : public BatchSource {
 public:
  /// The cache and the augmentations must outlive the loader.
  BatchLoader(const core::DecodeCache& cache, const augmentations::Augmentations& augmentations,
              BatchFormat format);
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;
  ~BatchLoader() override;

  void start(BatchPlan plan) override;
  const Batch* next() override;
  double waited_seconds() const override { return waited_seconds_; }

 private:
  struct Slot {
    /// Whole buffers: [B, C, H, W] float on a CPU, pinned [B, H, W, C] uint8, or int16 that
    /// stands for uint16, for a GPU; [B, H, W] uint8.
    torch::Tensor images, labels;
    /// What is left to do on the device, or nothing, and its numbers, in a pinned buffer that grows.
    std::optional<augmentations::BatchEffects> effects;
    torch::Tensor numbers, numbers_buffer;
    std::optional<c10::Event> copied;  ///< when the device has read the buffers
    std::int64_t first = 0, count = 0;
    bool is_full = false;
  };

  void stop();
  void load_all();
  void fill(Slot& slot, std::int64_t first, std::int64_t count);
  void fill_on_cpu(Slot& slot, std::int64_t i, std::int64_t position);
  /// Returns what is left to do on the device.
  augmentations::Drawn fill_for_device(Slot& slot, std::int64_t i, std::int64_t position);
  void leave_to_device(Slot& slot, const std::vector<augmentations::Drawn>& drawn) const;
  void to_device(Slot& slot);
  /// Before the buffers of a slot are filled anew. Throws when the device has failed.
  void wait_for_copies(const Slot& slot) const;

  BatchFormat format_;
  SampleDraws draws_;
  const augmentations::SampleFormat& sample_;
  PixelNormaliser normaliser_;
  std::optional<DeviceNormaliser> device_normaliser_;  ///< for a GPU
  std::vector<std::uint8_t> augmented_;                ///< an image
  SampleDraws::Buffers mixed_;
  augmentations::Scratch scratch_;

  BatchPlan plan_;
  std::array<Slot, 2> slots_;
  Batch batch_;
  std::int64_t next_batch_ = 0;
  bool holds_slot_ = false;
  double waited_seconds_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace segbench::train
