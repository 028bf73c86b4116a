// SPDX-License-Identifier: MIT
#include <torch/version.h>

#include <array>
#include <map>
#include <string>

#include "architectures/torch/network.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// The CPU for a network without weights.
torch::Device device_of(const Network& network) {
  const std::vector<Tensor> parameters = network.parameters();
  return parameters.empty() ? torch::Device(torch::kCPU) : parameters.front().device();
}

std::array<std::int64_t, 4> sizes_of(const Maps& maps) {
  return {maps.count, maps.shape.channels, maps.shape.height, maps.shape.width};
}

/// Evaluation mode for as long as it lives.
struct Evaluating {
  explicit Evaluating(Network& of) : network(of), was_training(of.is_training()) { of.eval(); }
  Evaluating(const Evaluating&) = delete;
  Evaluating& operator=(const Evaluating&) = delete;
  ~Evaluating() { network.train(was_training); }
  Network& network;
  bool was_training;
};

}  // namespace

EngineReport Network::report() const {
  return {.name = "libtorch", .version = TORCH_VERSION, .device = device_of(*this).str()};
}

Maps Network::run(const Maps& images) {
  SEGBENCH_CHECK(static_cast<std::int64_t>(images.values.size()) == images.count * images.shape.values(),
                 "{} values for {} images", images.values.size(), images.count);
  const torch::NoGradGuard no_grad;
  const Evaluating evaluating(*this);
  auto* pixels = const_cast<float*>(images.values.data());  // from_blob wants it so; only read
  const Tensor x = torch::from_blob(pixels, sizes_of(images), torch::kFloat).to(device_of(*this));
  const Tensor y = forward(x).to(torch::kCPU, torch::kFloat).contiguous();
  const auto* values = y.data_ptr<float>();
  return {.count = y.size(0),
          .shape = {y.size(1), y.size(2), y.size(3)},
          .values = std::vector<float>(values, values + y.numel())};
}

std::shared_ptr<Engine> make_engine(const Graph& graph, const Weights& weights) {
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

}  // namespace segbench::architectures
