// SPDX-License-Identifier: MIT
#include "architectures/torch/engine.h"

#include <fmt/format.h>
#include <torch/version.h>

#include <array>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>

#include "architectures/torch/device_memory.h"
#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/core/stopwatch.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

std::array<std::int64_t, 4> sizes_of(const Maps& maps) {
  return {maps.count, maps.shape.channels, maps.shape.height, maps.shape.width};
}

/// Errors of LibTorch as ours: their cause, without the traceback.
template <typename Work>
auto translated(const Work& work) {
  try {
    return work();
  } catch (const core::UserError&) {
    throw;
  } catch (const c10::Error& error) {
    throw core::UserError(cause_of(error.what_without_backtrace()));
  } catch (const std::runtime_error& error) {  // of TorchScript's interpreter
    throw core::UserError(cause_of(error.what()));
  }
}

class TorchEngine : public Engine {
 public:
  TorchEngine(std::shared_ptr<Network> network, const EngineOptions& options)
      : network_(std::move(network)), options_(options) {
    network_->eval();
    network_->to(options.device, options.precision);
    use_memory_format(*network_, options.memory_format);
  }

  EngineReport report() const override {
    return {.name = name_of(options_.execution),
            .version = TORCH_VERSION,
            .device = options_.device.str(),
            .note = network_->note()};
  }

  Maps run(const Maps& images) override {
    return translated([&] { return forward(images); });
  }

  std::vector<StageTimes> measure(const Maps& images, std::int64_t iterations) override {
    return translated([&] { return time_stages(images, iterations); });
  }

  std::vector<LayerTime> time_layers(const Maps& images) override {
    return translated([&] { return time_each_layer(images); });
  }

  std::int64_t device_peak_bytes() const override { return peak_device_bytes(options_.device).value_or(0); }

 private:
  Maps forward(const Maps& images) {
    const torch::NoGradGuard no_grad;
    const Tensor y =
        network_->forward(on_device(host_images(images))).to(torch::kCPU, torch::kFloat).contiguous();
    const auto* values = y.data_ptr<float>();
    return {.count = y.size(0),
            .shape = {y.size(1), y.size(2), y.size(3)},
            .values = std::vector<float>(values, values + y.numel())};
  }

  std::vector<StageTimes> time_stages(const Maps& images, std::int64_t iterations) {
    const torch::NoGradGuard no_grad;
    const Tensor host = host_images(images);
    std::vector<StageTimes> times(static_cast<std::size_t>(iterations));
    for (StageTimes& time : times) {
      Tensor x = host, y, labels;
      if (options_.device.is_cuda()) time.to_device = nanoseconds([&] { x = on_device(host); });
      time.forward = nanoseconds([&] { y = network_->forward(x); });
      time.argmax = nanoseconds([&] {
        labels = y.size(1) == 1 ? (y.squeeze(1) > 0).to(torch::kByte) : y.argmax(1).to(torch::kByte);
      });
      if (options_.device.is_cuda()) time.to_host = nanoseconds([&] { labels = labels.to(torch::kCPU); });
    }
    return times;
  }

  std::vector<LayerTime> time_each_layer(const Maps& images) {
    const torch::NoGradGuard no_grad;
    const Tensor x = on_device(host_images(images));
    std::vector<LayerTime> times;
    auto last = std::chrono::steady_clock::now();
    network_->forward_by_layer(x, [&](const std::string& name) {
      if (options_.device.is_cuda()) torch::cuda::synchronize(options_.device.index());
      const auto now = std::chrono::steady_clock::now();
      times.push_back({name, std::chrono::nanoseconds(now - last).count()});
      last = now;
    });
    return times;
  }

  /// As the network reads them, on the host.
  Tensor host_images(const Maps& images) const {
    SEGBENCH_CHECK(static_cast<std::int64_t>(images.values.size()) == images.count * images.shape.values(),
                   "{} values for {} images", images.values.size(), images.count);
    auto* pixels = const_cast<float*>(images.values.data());  // from_blob wants it so; only read
    return torch::from_blob(pixels, sizes_of(images), torch::kFloat)
        .to(options_.precision)
        .contiguous(options_.memory_format);
  }
  Tensor on_device(const Tensor& images) const { return images.to(options_.device); }

  /// What `work` takes until its result is there.
  template <typename Work>
  std::int64_t nanoseconds(const Work& work) const {
    const auto start = std::chrono::steady_clock::now();
    work();
    if (options_.device.is_cuda()) torch::cuda::synchronize(options_.device.index());
    return core::nanoseconds_since(start);
  }

  std::shared_ptr<Network> network_;
  EngineOptions options_;
};

std::shared_ptr<Network> make_eager_network(const Graph& graph, const Weights& weights) {
  const std::shared_ptr<Network> network = make_network(graph, 0);
  const torch::NoGradGuard no_grad;
  std::map<std::string, Tensor> tensors;
  for (const auto& [name, tensor] : named_tensors(*network)) tensors.emplace(name, tensor);
  for (const Node& node : graph.nodes()) {
    for (const TensorSpec& spec : node.tensors) {
      std::vector<float> values = tensor_values(weights, node, spec.name);
      tensors.at(node.name + "." + spec.name)
          .copy_(torch::from_blob(values.data(), spec.shape, torch::kFloat));
    }
  }
  return network;
}

std::shared_ptr<Network> network_for(const Graph& graph, const Weights& weights,
                                     const EngineOptions& options) {
  switch (options.execution) {
    case Execution::kEager:
      return make_eager_network(graph, weights);
    case Execution::kPlan:
      return make_fused_network(graph, weights);
    case Execution::kScript:
      return make_script_network(graph, weights, options);
  }
  throw core::InternalError("an unknown execution");
}

}  // namespace

std::string name_of(Execution execution) {
  switch (execution) {
    case Execution::kEager:
      return "eager";
    case Execution::kPlan:
      return "plan";
    case Execution::kScript:
      return "torchscript";
  }
  throw core::InternalError("an unknown execution");
}

Execution execution_of(const std::string& name) {
  for (const Execution execution : {Execution::kEager, Execution::kPlan, Execution::kScript}) {
    if (name_of(execution) == name) return execution;
  }
  throw core::UserError(
      fmt::format("unknown engine \"{}\"; engines of LibTorch: eager, plan, torchscript", name));
}

std::shared_ptr<Network> executed_as(const std::shared_ptr<Network>& network, const EngineOptions& options) {
  if (options.execution == Execution::kEager) return network;
  if (network->graph() == nullptr)
    throw core::UserError("the layers of a network that is read from a file are not known");
  NamedTensors tensors;  // whose values the weights are, until they are copied
  Weights weights;
  for (const auto& [name, tensor] : named_tensors(*network)) {
    tensors.emplace_back(name, tensor.detach().to(torch::kCPU, torch::kFloat).contiguous());
    const Tensor& values = tensors.back().second;
    weights[name] = {static_cast<const std::byte*>(values.data_ptr()), values.nbytes()};
  }
  const std::shared_ptr<Network> other = network_for(*network->graph(), weights, options);
  other->eval();
  other->compute_in(network->computes_in());
  other->to(options.device, options.precision);
  use_memory_format(*other, options.memory_format);
  return other;
}

std::unique_ptr<Engine> make_engine(const Graph& graph, const Weights& weights,
                                    const EngineOptions& options) {
  return make_engine(network_for(graph, weights, options), options);
}

std::unique_ptr<Engine> make_engine(std::shared_ptr<Network> network, const EngineOptions& options) {
  return std::make_unique<TorchEngine>(std::move(network), options);
}

}  // namespace segbench::architectures
