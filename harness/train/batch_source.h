// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "harness/core/normalise.h"
#include "harness/core/pixel_range.h"

namespace segbench::train {

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

/// The samples of an epoch in the order of the stream (seed, kOrder, epoch): the same for every variant of a
/// seed.
std::vector<std::int64_t> epoch_order(const std::vector<std::int64_t>& samples, std::uint64_t seed,
                                      std::int64_t epoch);

/// How often each sample of an order stands before it.
std::vector<std::int64_t> repeats_in(const std::vector<std::int64_t>& order);

/// The plan with all that its empty fields stand for.
BatchPlan completed(BatchPlan plan, std::int64_t batch_size);

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

/// Makes the batches of one plan after another.
class BatchSource {
 public:
  virtual ~BatchSource() = default;

  /// Begins with a plan; one that is under way is dropped.
  virtual void start(BatchPlan plan) = 0;
  /// The next batch, valid until the call after; nullptr at the end of the plan. Throws what failed while
  /// it was made.
  virtual const Batch* next() = 0;
  /// Time that next() has spent waiting for what makes batches since start().
  virtual double waited_seconds() const = 0;
};

}  // namespace segbench::train
