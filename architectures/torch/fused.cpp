// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "architectures/graph/plan.h"
#include "architectures/torch/engine.h"
#include "architectures/torch/step.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

Tensor tensor_of(const std::vector<float>& values, const std::vector<std::int64_t>& shape) {
  return torch::tensor(values, torch::kFloat).reshape(shape);
}

/// The activation that was taken into a step, on its output, which nobody else has.
void activate_in_place(Tensor& y, Function function) {
  switch (function) {
    case Function::kRelu:
      y.relu_();
      return;
    case Function::kRelu6:
      y.clamp_(0, 6);
      return;
    case Function::kSigmoid:
      y.sigmoid_();
      return;
    case Function::kTanh:
      y.tanh_();
      return;
    case Function::kSilu:
      at::silu_(y);
      return;
    case Function::kHardSwish:
      at::hardswish_(y);
      return;
    case Function::kHardSigmoid:
      at::hardsigmoid_(y);
      return;
    case Function::kGelu:
      y = at::gelu(y);
      return;
  }
  throw core::InternalError("an unknown activation");
}

class FusedNetwork : public Network {
 public:
  FusedNetwork(const Graph& graph, const Weights& weights) : value_count_(graph.nodes().size()) {
    for (const Node& node : graph.nodes()) names_.push_back(node.name);
    for (PlannedStep& planned : plan(graph, {.fuse = true})) {
      const Node& node = graph.at({planned.node});
      Step step{.op = node.op, .plan = std::move(planned), .module = this, .is_frozen = true};
      if (step.plan.batch_norm)
        fold(step, node, fold_batch_norm(graph, step.plan, weights));
      else
        for (const TensorSpec& spec : node.tensors)
          own(step, tensor_of(tensor_values(weights, node, spec.name), spec.shape));
      steps_.push_back(std::move(step));
    }
  }

  Tensor forward(const Tensor& x) override {
    return computed(x.device(), [&] { return execute(x, [](const Step&) {}); });
  }

  void forward_by_layer(const Tensor& x, const std::function<void(const std::string&)>& done) override {
    execute(x, [&](const Step& step) { done(names_[static_cast<std::size_t>(step.plan.output)]); });
  }

  bool is_stochastic() const override { return false; }

 private:
  template <typename Done>
  Tensor execute(const Tensor& x, const Done& done) const {
    std::vector<Tensor> values(value_count_);
    values[0] = x;
    for (const Step& step : steps_) {
      Tensor y = run_step(step, values);
      if (step.plan.activation) activate_in_place(y, *step.plan.activation);
      done(step);
      for (const int dead : step.plan.release) values[static_cast<std::size_t>(dead)] = Tensor();
      values[static_cast<std::size_t>(step.plan.output)] = std::move(y);
    }
    return values.back();
  }

  void fold(Step& step, const Node& node, const ConvolutionWeights& folded) {
    if (auto* conv = std::get_if<Conv2d>(&step.op)) conv->bias = true;
    if (auto* conv = std::get_if<ConvTranspose2d>(&step.op)) conv->bias = true;
    own(step, tensor_of(folded.weight, node.tensors[0].shape));
    own(step, tensor_of(folded.bias, {static_cast<std::int64_t>(folded.bias.size())}));
  }

  void own(Step& step, const Tensor& tensor) {
    step.tensors.push_back(
        register_parameter(fmt::format("t{}", parameters().size()), tensor, /*requires_grad=*/false));
  }

  std::vector<Step> steps_;
  std::vector<std::string> names_;  ///< of the graph's nodes
  std::size_t value_count_;
};

}  // namespace

std::shared_ptr<Network> make_fused_network(const Graph& graph, const Weights& weights) {
  auto network = std::make_shared<FusedNetwork>(graph, weights);
  network->eval();
  return network;
}

}  // namespace segbench::architectures
