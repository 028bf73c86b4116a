// SPDX-License-Identifier: MIT
#include "harness/train/step_graph.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/version.h>

#if __has_include(<c10/core/CachingDeviceAllocator.h>)
#include <c10/core/CachingDeviceAllocator.h>
#endif

#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include "architectures/networks/network.h"
#include "architectures/torch/torchscript.h"
#include "harness/train/device.h"
#include "harness/train/device_errors.h"

namespace segbench::train {
namespace {

using torch::Tensor;

/// Before a step is recorded, libraries have to set up what they keep, for the stream of the recording.
constexpr std::int64_t kCalledFirst = 3;

/// Largest distance between the gradients of a replayed step and of a called one, in units of their norm,
/// where the device adds up in no order.
constexpr double kRounding = 1e-3;

/// Gives back what the allocator of a GPU keeps for later: a graph cannot use it.
void free_kept_memory(torch::Device device) {
  synchronise(device);
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 209
  if (device.is_cuda()) c10::getDeviceAllocator(device.type())->emptyCache();
#endif
}

std::vector<Tensor> copies_of(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> copies;
  for (const Tensor& tensor : tensors) copies.push_back(tensor.detach().clone());
  return copies;
}

void write_over(const std::vector<Tensor>& tensors, const std::vector<Tensor>& values) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < tensors.size(); ++i) Tensor(tensors[i]).detach().copy_(values[i]);
}

std::vector<Tensor> take_gradients(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters)
    gradients.push_back(std::exchange(Tensor(parameter).mutable_grad(), Tensor()));
  return gradients;
}

void give_gradients(const std::vector<Tensor>& parameters, const std::vector<Tensor>& gradients) {
  for (std::size_t i = 0; i < parameters.size(); ++i) Tensor(parameters[i]).mutable_grad() = gradients[i];
}

/// Sums of squares, [2]: of the differences between two lists of tensors, and of the first list.
Tensor distance(const std::vector<Tensor>& a, const std::vector<Tensor>& b, torch::Device device) {
  Tensor sums = torch::zeros({2}, torch::TensorOptions(torch::kDouble).device(device));
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].defined() != b[i].defined()) return torch::full_like(sums, 1);
    if (!a[i].defined()) continue;
    const Tensor x = a[i].to(torch::kDouble), y = b[i].to(torch::kDouble);
    sums += torch::stack({(x - y).square().sum(), x.square().sum()});
  }
  return sums;
}

std::string words_of(const std::exception& error) {
  const auto* of_libtorch = dynamic_cast<const c10::Error*>(&error);
  return of_libtorch != nullptr ? of_libtorch->what_without_backtrace() : error.what();
}

/// No step would fare better, recorded or not. Memory of the device may suffice without a graph, which keeps
/// that of a step for itself.
bool is_fatal(const std::exception& error) {
  return device_trouble(words_of(error)) == DeviceTrouble::kUnusable ||
         dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
}

}  // namespace

std::vector<std::string> graphs_prevented_by(const core::TrialSpec& spec,
                                             const architectures::Network& network, const Levers& levers,
                                             bool has_graphs) {
  const core::TrainingConfig& training = spec.variant.training;
  const auto images = static_cast<std::int64_t>(spec.splits.train.size());
  std::vector<std::string> reasons;
  for (const auto& [is_so, reason] :
       {std::pair(!levers.graphs, "run.without"),
        {!has_graphs, "LibTorch " TORCH_VERSION},
        {training.processes > 1, "training.processes"},
        {training.accumulate_batches > 1, "training.accumulate_batches"},
        {architectures::is_read_from_file(spec.variant.model.architecture), "a network read from a file"},
        {network.is_stochastic(), "dropout or stochastic depth"},
        {images < training.batch_size, "no full batch"}}) {
    if (is_so) reasons.emplace_back(reason);
  }
  return reasons;
}

Tensor StepGraph::run(const Batch& batch) {
  if (!setup_.make) return setup_.step(batch);
  if (graph_ != nullptr && has_layout_of(batch)) return replay(batch);
  const bool is_full = batch.images.size(0) == setup_.batch_size;
  return graph_ == nullptr && is_full && called_++ == kCalledFirst ? record(batch) : call(batch);
}

/// On the stream of the recording, too: autograd remembers the stream of a parameter for as long as anything
/// of a step lives, and one that is not recorded would spoil the recording.
Tensor StepGraph::call(const Batch& batch) {
  Tensor loss;
  do_aside([&] { loss = setup_.step(batch); });
  return loss;
}

/// On a stream that can be recorded: behind what was called before, and ahead of what is called next.
void StepGraph::do_aside(const std::function<void()>& work) {
  const torch::Device device = setup_.device;
  if (device.is_cpu()) return work();  // it has no streams
  const c10::impl::VirtualGuardImpl guard(device.type());
  if (!aside_) aside_ = guard.getStreamFromGlobalPool(device);
  const c10::Stream here = guard.getStream(device);
  c10::Event before(device.type()), after(device.type());
  before.record(here);
  before.block(*aside_);
  {
    const c10::StreamGuard on_stream(*aside_);
    work();
  }
  after.record(*aside_);
  after.block(here);
}

/// The step itself is called operation by operation once more, for the recording to be compared with.
Tensor StepGraph::record(const Batch& batch) {
  const std::vector<Tensor> before = copies_of(setup_.statistics);
  const Tensor loss = call(batch);
  const std::vector<Tensor> gradients = take_gradients(setup_.parameters),
                            after = copies_of(setup_.statistics);
  try {
    capture(batch);
    write_over(setup_.statistics, before);
    replay(batch);
    compare(loss, gradients, after);
  } catch (const std::exception& error) {
    if (is_fatal(error)) throw;
    drop();
    free_kept_memory(setup_.device);
    setup_.failed(architectures::cause_of(words_of(error)));
  }
  write_over(setup_.statistics, after);
  give_gradients(setup_.parameters, gradients);
  return loss;
}

void StepGraph::capture(const Batch& batch) {
  batch_ = {.images = torch::empty_like(batch.images), .labels = torch::empty_like(batch.labels)};
  free_kept_memory(setup_.device);
  std::unique_ptr<DeviceGraph> graph = setup_.make();
  do_aside([&] {
    graph->begin();
    try {
      loss_ = setup_.step(batch_);
    } catch (...) {
      try {
        graph->end();  // the stream must not go on recording
      } catch (const std::exception&) {
        // It says that the recording is spoilt.
      }
      throw;
    }
    graph->end();
  });
  gradients_ = take_gradients(setup_.parameters);
  graph_ = std::move(graph);
}

Tensor StepGraph::replay(const Batch& batch) {
  batch_.images.copy_(batch.images);
  batch_.labels.copy_(batch.labels);
  graph_->replay();
  give_gradients(setup_.parameters, gradients_);
  return loss_;
}

/// With the loss, the gradients and the statistics of the operations on the same batch; waits for the device.
void StepGraph::compare(const Tensor& loss, const std::vector<Tensor>& gradients,
                        const std::vector<Tensor>& statistics) const {
  const torch::NoGradGuard no_grad;
  const Tensor sums = torch::cat({distance({loss}, {loss_}, setup_.device),
                                  distance(statistics, setup_.statistics, setup_.device),
                                  distance(gradients, gradients_, setup_.device)})
                          .cpu();
  const auto* sum = sums.data_ptr<double>();
  const double allowed = setup_.repeats ? 0 : kRounding * kRounding * sum[5];
  if (sum[0] == 0 && sum[2] == 0 && sum[4] <= allowed) return;
  throw std::runtime_error("replayed, it does not give what its operations give");
}

bool StepGraph::has_layout_of(const Batch& batch) const {
  return batch.images.sizes() == batch_.images.sizes() && batch.images.strides() == batch_.images.strides() &&
         batch.images.dtype() == batch_.images.dtype() && batch.labels.sizes() == batch_.labels.sizes() &&
         batch.labels.dtype() == batch_.labels.dtype();
}

void StepGraph::drop() {
  take_gradients(setup_.parameters);
  gradients_.clear();
  loss_ = Tensor();
  batch_ = {};
  graph_.reset();
  setup_.make = {};
}

}  // namespace segbench::train
