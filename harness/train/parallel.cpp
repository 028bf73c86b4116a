// SPDX-License-Identifier: MIT
#include "harness/train/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/random.h"
#include "harness/train/gradients.h"
#include "harness/train/runtime_settings.h"

namespace segbench::train {
namespace {

using torch::Tensor;

/// Lets the batch normalisations use the statistics of all processes.
class SynchronisedStatistics {
 public:
  SynchronisedStatistics(architectures::Network& network, architectures::Reducer* reducer)
      : network_(network) {
    network_.reduce_statistics_by(reducer);
  }
  SynchronisedStatistics(const SynchronisedStatistics&) = delete;
  SynchronisedStatistics& operator=(const SynchronisedStatistics&) = delete;
  ~SynchronisedStatistics() { network_.reduce_statistics_by(nullptr); }

 private:
  architectures::Network& network_;
};

/// Images of the batch of a step, over all processes.
std::int64_t images_in(const core::TrialSpec& spec, std::int64_t step) {
  const std::int64_t batch = spec.variant.training.batch_size;
  return std::min(batch, static_cast<std::int64_t>(spec.splits.train.size()) - step * batch);
}

}  // namespace

void check_division(const core::TrialSpec& spec) {
  const core::TrainingConfig& training = spec.variant.training;
  const std::int64_t last = images_in(spec, steps_per_epoch(spec) - 1);
  if (last >= training.processes) return;
  throw core::UserError(
      fmt::format("training.processes: {} processes cannot share the last batch of an epoch, which has {} of "
                  "the {} training "
                  "images (batch_size {}); choose another batch_size or number of processes",
                  training.processes, last, spec.splits.train.size(), training.batch_size));
}

std::vector<std::int64_t> order_of_process(const std::vector<std::int64_t>& order, std::int64_t batch_size,
                                           int rank, int processes) {
  const auto samples = static_cast<std::int64_t>(order.size());
  std::vector<std::int64_t> mine;
  for (std::int64_t first = 0; first < samples; first += batch_size) {
    const std::int64_t images = std::min(batch_size, samples - first);
    mine.insert(mine.end(), order.begin() + first + images * rank / processes,
                order.begin() + first + images * (rank + 1) / processes);
  }
  return mine;
}

void seed_dropout(const core::TrialSpec& spec, torch::Device device, std::int64_t epoch, std::int64_t step,
                  const ProcessGroup* group) {
  const std::int64_t draw = group == nullptr ? step : step * group->size() + group->rank();
  core::Stream stream(spec.seed, core::Purpose::kDropout, static_cast<std::uint32_t>(epoch),
                      static_cast<std::uint64_t>(draw));
  at::Generator generator = at::globalContext().defaultGenerator(device);
  const std::lock_guard lock(generator.mutex());
  generator.set_current_seed(stream.next_u64());
}

Tensor train_together(const core::TrialSpec& spec, TrialParts& parts, const NamedTensors& weights,
                      const Batch& batch, std::int64_t step, ProcessGroup& group) {
  const double weight =
      static_cast<double>(batch.images.size(0)) / static_cast<double>(images_in(spec, step));
  Tensor share;
  {
    const bool synchronised = spec.variant.training.synchronise_batch_norm;
    const SynchronisedStatistics statistics(*parts.network, synchronised ? &group : nullptr);
    const Tensor loss = parts.loss->mean(parts.network->forward(batch.images), batch.labels) * weight;
    if (loss.requires_grad()) loss.backward();
    share = loss.detach().to(torch::kDouble);
  }
  // In the order of the parameters, so that it is the same message in every step and attempt: from three
  // processes on, NCCL's sums depend on it.
  std::vector<Tensor> message;
  for (const auto& [name, gradient] : gradients_of(weights)) message.push_back(gradient);
  message.push_back(share);
  group.sum(message);
  return share;
}

int share_of_threads(int threads, std::int64_t processes) {
  return std::max(1, threads / static_cast<int>(processes));
}

ShareOfThreads::ShareOfThreads(int threads, const ProcessGroup* group) {
  if (group == nullptr) return;
  all_threads_ = threads;
  change_threads(share_of_threads(threads, group->size()));
}

ShareOfThreads::~ShareOfThreads() {
  if (all_threads_ > 0) change_threads(all_threads_);
}

void update_weights(const core::TrainingConfig& training, const NamedTensors& weights,
                    optimizers::Optimizer& optimizer) {
  if (training.gradient_clip_norm || training.gradient_clip_value)
    clip_gradients(gradients_of(weights), training.gradient_clip_value, training.gradient_clip_norm);
  optimizer.step();
}

EpochStart share_epoch(const EpochStart& start, const NamedTensors& weights, const NamedTensors& optimizer,
                       ProcessGroup& group) {
  const core::Json words = {
      {"epoch", start.epoch}, {"step", start.step}, {"updates", start.updates}, {"schedule", start.schedule}};
  const core::Json told = core::Json::parse(group.broadcast(words.dump()));
  EpochStart shared{told.at("epoch"), told.at("step"), told.at("updates"), told.at("schedule")};
  if (shared.epoch == 0) return shared;
  const torch::NoGradGuard no_grad;
  for (const NamedTensors* tensors : {&weights, &optimizer}) {
    for (const auto& [name, tensor] : *tensors) {
      Tensor values = tensor.detach();
      group.broadcast(values);
    }
  }
  return shared;
}

}  // namespace segbench::train
