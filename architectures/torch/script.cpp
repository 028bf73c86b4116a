// SPDX-License-Identifier: MIT
#include <torch/script.h>
#include <torch/version.h>

#include <fmt/format.h>

#include <algorithm>

#include "architectures/script/source.h"
#include "architectures/torch/engine.h"
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

  Tensor forward(const Tensor& x) override { return module_.forward({x}).toTensor(); }
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

/// What is wrong with the optimised module, by an image of waves; "" when it computes what the frozen one
/// does.
std::string problem_of(torch::jit::Module& optimised, torch::jit::Module& frozen, const Shape& shape,
                       const EngineOptions& options) {
  const torch::NoGradGuard no_grad;
  const Tensor x = torch::sin(torch::arange(shape.values(), torch::kFloat) * 0.37)
                       .view({1, shape.channels, shape.height, shape.width})
                       .to(options.device, options.precision)
                       .contiguous(options.memory_format);
  const Tensor expected = frozen.forward({x}).toTensor().to(torch::kFloat);
  try {
    for (int i = 0; i < 3; ++i) {  // the executor optimises anew in the first runs
      const Tensor distance = (optimised.forward({x}).toTensor().to(torch::kFloat) - expected).abs().max();
      const double bound = options.precision == torch::kFloat ? 1e-3 : 0.1;
      if (!(distance.item<double>() <= bound * std::max(1.0, expected.abs().max().item<double>())))
        return "gives other numbers";
    }
    return "";
  } catch (const std::exception& error) {
    return "does not run: " + cause_of(error.what());
  }
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
  torch::jit::Module frozen = torch::jit::freeze(module);
  torch::jit::Module copy = frozen.clone();
  torch::jit::Module optimised = torch::jit::optimize_for_inference(copy);
  const std::string problem = problem_of(optimised, frozen, graph.at(graph.input()).shape, options);
  if (problem.empty()) return std::make_shared<ScriptNetwork>(optimised, "");
  return std::make_shared<ScriptNetwork>(
      frozen, fmt::format("frozen only: what optimize_for_inference of LibTorch {} makes of this network {}",
                          TORCH_VERSION, problem));
} catch (const c10::Error& error) {
  throw core::UserError("TorchScript: " + cause_of(error.what_without_backtrace()));
}

}  // namespace segbench::architectures
