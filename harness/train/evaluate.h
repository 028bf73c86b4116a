// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "architectures/torch/network.h"
#include "harness/core/counts.h"
#include "harness/losses/loss.h"
#include "harness/train/batch_source.h"
#include "harness/train/prediction.h"

namespace segbench::train {

/// What a network scores on a split: integers, from which all metrics follow, and the loss.
struct Evaluation {
  std::vector<std::vector<core::ClassCounts>> images;  ///< counts of each image, in the order of the split
  core::Confusion confusion;                           ///< all images pooled
  std::optional<double> loss;           ///< over the split (Loss::value()); empty when nothing counts
  std::vector<double> loss_terms = {};  ///< of a loss that is a sum: the value of each, without weights
  bool has_nan = false;                 ///< some output of the network is not a number, be it on void pixels
  std::vector<std::uint8_t> kept_labels;  ///< predictions of the images asked for, [K, H, W]
};

/// Measures more of an evaluation than counts and loss, from the probabilities if it likes.
class BatchObserver {
 public:
  virtual ~BatchObserver() = default;
  /// Called once for every batch; labels are [N, H, W] uint8 on the device of the prediction,
  /// core::kVoidLabel where nothing counts, and are written over afterwards.
  virtual void add(const Prediction& prediction, const torch::Tensor& labels) = 0;
};

struct EvaluationRequest {
  std::vector<std::int64_t> samples;  ///< indices into the cache
  int num_classes = 0;
  std::vector<std::int64_t> keep;  ///< ascending positions in `samples` whose predictions are wanted
  std::vector<BatchObserver*> observers = {};
  /// Called before each batch with its number from 0 and the number of batches; may throw to stop.
  std::function<void(std::int64_t batch, std::int64_t batches)> before_batch = [](std::int64_t,
                                                                                  std::int64_t) {};
  /// What is predicted of a batch; empty: what the network says of it.
  std::function<Prediction(const Batch&)> predict = {};
  /// Pixels are counted where the labels are, and the counts fetched at the end; empty: on a GPU, not on a
  /// CPU.
  std::optional<bool> counts_on_device = {};
};

/// Every image exactly once, unshuffled, in eval mode, without gradients. The result does not depend on the
/// batch size beyond what the network's own arithmetic does. A device is waited for once, at the end (but for
/// observers that wait, and more than 64 MiB of counts). Leaves the network in the mode in which it was.
Evaluation evaluate(architectures::Network& network, const losses::Loss& loss, BatchSource& loader,
                    std::int64_t batch_size, const EvaluationRequest& request);

/// Confusion matrices of labels [N, H, W] uint8 (truth and prediction, on any device): [N, C + 1, C] int64 on
/// the same device, the last row counting the void pixels.
torch::Tensor confusion_on_device(const torch::Tensor& truth, const torch::Tensor& prediction,
                                  int num_classes);

}  // namespace segbench::train
