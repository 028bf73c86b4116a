// SPDX-License-Identifier: MIT
#include <torch/script.h>

#include <fmt/format.h>

#include "architectures/script/source.h"
#include "architectures/torch/frozen.h"
#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// Tensors have become constants of the code, so moving it comes before freezing.
class ScriptNetwork : public Network {
 public:
  ScriptNetwork(torch::jit::Module module, std::string note)
      : module_(std::move(module)), note_(std::move(note)) {}

  Tensor forward(const Tensor& x) override {
    return computed(x.device(), [&] { return module_.forward({x}).toTensor(); });
  }
  bool is_stochastic() const override { return false; }
  std::string note() const override { return note_; }

 private:
  torch::jit::Module module_;
  std::string note_;
};

Tensor tensor_of(const Node& node, const TensorSpec& spec, const Weights& weights,
                 const EngineOptions& options) {
  const std::vector<float> values = tensor_values(weights, node, spec.name);
  const Tensor tensor =
      torch::tensor(values, torch::kFloat).reshape(spec.shape).to(options.device, options.precision);
  return tensor.dim() == 4 ? tensor.contiguous(options.memory_format) : tensor;
}

}  // namespace

std::shared_ptr<Network> make_script_network(const Graph& graph, const Weights& weights,
                                             const EngineOptions& options) try {
  torch::jit::Module module("Network");
  int next = 0;
  for (const PlannedStep& step : plan(graph)) {
    const Node& node = graph.at({step.node});
    for (const TensorSpec& spec : node.tensors)
      module.register_parameter(fmt::format("t{}", next++), tensor_of(node, spec, weights, options), false);
  }
  module.define(script::torchscript_source(graph));
  module.eval();
  FrozenModule frozen = freeze_module(module, graph.at(graph.input()).shape, options);
  return std::make_shared<ScriptNetwork>(std::move(frozen.module), std::move(frozen.note));
} catch (const c10::Error& error) {
  throw core::UserError("TorchScript: " + cause_of(error.what_without_backtrace()));
}

}  // namespace segbench::architectures
