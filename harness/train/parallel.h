// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/core/trial.h"
#include "harness/train/process_group.h"
#include "harness/train/setup.h"
#include "harness/train/tensor_file.h"

// One trial over several processes (training.processes): each trains on its part of every batch, the
// gradients are added up, and each makes the same update. Rank 0 does all the rest.

namespace segbench::train {

/// Throws core::UserError where a trial cannot be divided: batch_size is no multiple of the processes, the
/// last batch of an epoch has fewer images than there are processes, or gradients are accumulated.
void check_division(const core::TrialSpec& spec);

/// The samples of an epoch that one process trains on, in batches of batch_size / processes: of each batch a
/// part without gaps, in the order of the ranks. The last batch of the epoch may be smaller.
std::vector<std::int64_t> order_of_process(const std::vector<std::int64_t>& order, std::int64_t batch_size,
                                           int rank, int processes);

/// Gives LibTorch's generator the state that dropout has in this step, however the trial came here; another
/// one for each process.
void seed_dropout(const core::TrialSpec& spec, torch::Device device, std::int64_t epoch, std::int64_t step,
                  const ProcessGroup* group);

/// Forward and backward on this process's part of the batch of `step`, and the gradients summed over the
/// processes. The loss of a part weighs as many images as it has, as with training.accumulate_batches.
/// Returns the loss of the whole batch, a float64 scalar on the device.
torch::Tensor train_together(const core::TrialSpec& spec, TrialParts& parts, const NamedTensors& weights,
                             const Batch& batch, std::int64_t step, ProcessGroup& group);

/// Threads of each of the processes that share those of a trial, at least 1.
int share_of_threads(int threads, std::int64_t processes);

/// As long as it lives, LibTorch computes with this process's share of a trial's threads, and then with all
/// of them again: rank 0 evaluates alone. Does nothing without a group.
class ShareOfThreads {
 public:
  ShareOfThreads(int threads, const ProcessGroup* group);
  ShareOfThreads(const ShareOfThreads&) = delete;
  ShareOfThreads& operator=(const ShareOfThreads&) = delete;
  ~ShareOfThreads();

 private:
  int all_threads_ = 0;  ///< 0: does nothing
};

/// One update of the weights by the gradients that are there.
void update_weights(const core::TrainingConfig& training, const NamedTensors& weights,
                    optimizers::Optimizer& optimizer);

/// Where the processes of a trial are when an epoch begins or goes on: all that the next step depends on.
struct EpochStart {
  std::int64_t epoch = 0;  ///< 0: there is no further one
  std::int64_t step = 0;   ///< the first that is not done
  std::int64_t updates = 0;
  core::Json schedule = nullptr;
};

/// Rank 0's become everyone's: the position, the weights and the state of the optimizer.
EpochStart share_epoch(const EpochStart& start, const NamedTensors& weights, const NamedTensors& optimizer,
                       ProcessGroup& group);

}  // namespace segbench::train
