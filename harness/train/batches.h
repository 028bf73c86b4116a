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
#include "harness/core/decode_cache.h"
#include "harness/train/normalise.h"

namespace segbench::train {

/// The samples of an epoch in the order of the stream (seed, kOrder, epoch): the same for every variant of a
/// seed.
std::vector<std::int64_t> epoch_order(const std::vector<std::int64_t>& samples, std::uint64_t seed,
                                      std::int64_t epoch);

/// How often each sample of an order stands before it.
std::vector<std::int64_t> repeats_in(const std::vector<std::int64_t>& order);

/// Which samples are loaded, in which order, from which batch on.
struct BatchPlan {
  std::vector<std::int64_t> order;  ///< indices into the cache
  std::int64_t first_batch = 0;     ///< those before it are left out: where a resumed epoch goes on
  bool augment = false;
  std::uint64_t seed = 0;  ///< of the augmentation
  std::int64_t epoch = 0;
  std::int64_t batch_size = 0;  ///< at most the format's; 0: that one
  std::vector<std::int64_t> partners =
      {};  ///< ascending: those that may be pasted; empty: those of the order
  std::vector<std::int64_t> repeats =
      {};  ///< how often each came in the epoch before; empty: repeats_in(order)
};

/// A batch on the device of the trial.
struct Batch {
  torch::Tensor images;    ///< [N, C, H, W] float, normalised
  torch::Tensor labels;    ///< [N, H, W] uint8
  std::int64_t first = 0;  ///< position of the first sample in BatchPlan::order
};

/// How batches are made.
struct BatchFormat {
  std::int64_t batch_size = 1;  ///< the last batch of a plan may be smaller; no sample is left out
  core::Normalisation normalisation;
  core::PixelRange range = {};  ///< what the cache's samples mean
  torch::Device device = torch::kCPU;
  torch::MemoryFormat memory_format = torch::MemoryFormat::ChannelsLast;  ///< of the images
};

/// Makes batches out of the decode cache on a thread of its own, one ahead of the one in use, into two
/// buffers that are allocated once. The thread draws what happens to each sample and, on a CPU, does it. On a
/// GPU, bytes are copied from pinned memory, and changed and normalised on the device; only flips are done in
/// copying.
class BatchLoader {
 public:
  /// The cache and the augmentations must outlive the loader.
  BatchLoader(const core::DecodeCache& cache, const augmentations::Augmentations& augmentations,
              BatchFormat format);
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;
  ~BatchLoader();

  /// Begins to load a plan; one that is under way is dropped.
  void start(BatchPlan plan);
  /// The next batch, valid until the call after; nullptr at the end of the plan. Rethrows what failed while
  /// loading.
  const Batch* next();
  /// Time that next() spent waiting for a batch since start().
  double waited_seconds() const { return waited_seconds_; }

 private:
  struct Slot {
    /// Whole buffers: [B, C, H, W] float on a CPU, pinned [B, H, W, C] uint8, or int16 that
    /// stands for uint16, for a GPU; [B, H, W] uint8.
    torch::Tensor images, labels;
    std::vector<augmentations::Drawn> drawn;  ///< what is left to do on the device, a sample each; or empty
    std::optional<c10::Event> copied;         ///< when the device has read the buffers
    std::int64_t first = 0, count = 0;
    bool is_full = false;
  };

  void stop();
  void load_all();
  void fill(Slot& slot, std::int64_t first, std::int64_t count);
  void fill_on_cpu(Slot& slot, std::int64_t i, std::int64_t position);
  void fill_for_device(Slot& slot, std::int64_t i, std::int64_t position);
  /// What happens to the sample at a position of the order.
  augmentations::Drawn draw(std::int64_t position) const;
  /// The sample as it is stored, or, where others are pasted into it, in buffers that the next call reuses.
  augmentations::SampleView stored(std::int64_t index, const augmentations::Drawn& drawn);
  void to_device(Slot& slot);
  /// Before the buffers of a slot are filled anew. Throws when the device has failed.
  void wait_for_copies(const Slot& slot) const;

  const core::DecodeCache& cache_;
  const augmentations::Augmentations& augmentations_;
  BatchFormat format_;
  std::int64_t height_, width_, channels_;
  augmentations::SampleFormat sample_;
  PixelNormaliser normaliser_;
  std::vector<std::uint8_t> augmented_;                   ///< an image
  std::vector<std::uint8_t> mixed_image_, mixed_labels_;  ///< of stored()
  augmentations::Scratch scratch_;
  torch::Tensor scale_, shift_;  ///< [C] on the device, for GPUs
  torch::Tensor low_, step_;     ///< [C] likewise, of the range; undefined where samples are levels

  BatchPlan plan_;
  std::vector<std::int64_t> samples_;  ///< of the plan, ascending: those that may be pasted
  std::vector<double> shares_;         ///< of their labels, class by class
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
