// SPDX-License-Identifier: MIT
#pragma once

#include <c10/core/Stream.h>
#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "architectures/torch/network.h"
#include "harness/core/trial.h"
#include "harness/train/batch_source.h"
#include "harness/train/device_graph.h"
#include "harness/train/levers.h"

namespace segbench::train {

/// What keeps the training steps of a trial from being recorded as a graph, in the words of a user:
/// "training.accumulate_batches"; empty: nothing. `has_graphs`: LibTorch has them for the device (graphs_of).
std::vector<std::string> graphs_prevented_by(const core::TrialSpec& spec,
                                             const architectures::Network& network, const Levers& levers,
                                             bool has_graphs);

/// Forward, loss and backward of training steps.
struct StepGraphSetup {
  torch::Device device = torch::kCPU;
  GraphMaker make = {};
  std::int64_t batch_size = 0;            ///< of a full batch; a smaller one is not replayed
  std::vector<torch::Tensor> parameters;  ///< that get gradients; each lies where it lies for good
  std::vector<torch::Tensor> statistics;  ///< what a step changes besides, likewise
  bool repeats = true;                    ///< the same step gives the same gradients to the bit
  /// The loss of a batch, without a history; leaves its gradients with the parameters, which have none.
  std::function<torch::Tensor(const Batch& batch)> step;
  /// Told once why steps are called operation by operation after all.
  std::function<void(const std::string& problem)> failed;
};

/// Does training steps, whose operations it calls one by one for the first full batches, then records, and
/// from then on replays for every full batch: one call in place of hundreds, with the same results to the
/// bit. The gradients of replayed steps lie in the graph's memory, always at the same place. Its batch is the
/// only one that is recorded: a full one of another layout is called operation by operation, too.
///
/// What was recorded is first compared with the operations on the same batch; where it gives anything else,
/// or cannot be recorded, for lack of memory too, it is dropped. A device that is gone is thrown.
class StepGraph {
 public:
  explicit StepGraph(StepGraphSetup setup) : setup_(std::move(setup)) {}

  /// The loss of a batch, valid until the next call; the parameters, which must have no gradients, have
  /// theirs.
  torch::Tensor run(const Batch& batch);
  bool is_recorded() const { return graph_ != nullptr; }

 private:
  void do_aside(const std::function<void()>& work);
  torch::Tensor call(const Batch& batch);
  torch::Tensor record(const Batch& batch);
  void capture(const Batch& batch);
  torch::Tensor replay(const Batch& batch);
  void compare(const torch::Tensor& loss, const std::vector<torch::Tensor>& gradients,
               const std::vector<torch::Tensor>& statistics) const;
  bool has_layout_of(const Batch& batch) const;
  void drop();

  StepGraphSetup setup_;
  std::int64_t called_ = 0;           ///< full batches whose operations were called one by one
  std::optional<c10::Stream> aside_;  ///< on which they are, and then recorded
  std::unique_ptr<DeviceGraph> graph_;
  Batch batch_;                           ///< whose memory it reads
  torch::Tensor loss_;                    ///< that it writes
  std::vector<torch::Tensor> gradients_;  ///< likewise; undefined for parameters that get none
};

}  // namespace segbench::train
