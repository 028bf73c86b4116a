// SPDX-License-Identifier: MIT
#include <algorithm>

#include "architectures/torch/step.h"

namespace segbench::architectures {
namespace {

/// True for an operation whose backward pass does not read its own output, so that the next one may overwrite
/// it. (Activations do; a dropout's output may be its input.)
bool output_is_free(const Op& op) {
  return std::holds_alternative<Conv2d>(op) || std::holds_alternative<ConvTranspose2d>(op) ||
         std::holds_alternative<BatchNorm>(op) || std::holds_alternative<Add>(op) ||
         std::holds_alternative<Multiply>(op) || std::holds_alternative<Concat>(op);
}

/// A zero padding of all sides whose only reader is a convolution without padding of its own.
bool is_absorbed(const Graph& graph, const std::vector<std::vector<int>>& consumers, int node) {
  const auto index = static_cast<std::size_t>(node);
  const auto* pad = std::get_if<ZeroPad>(&graph.nodes()[index].op);
  if (pad == nullptr || pad->at_end_only || consumers[index].size() != 1) return false;
  const auto* conv = std::get_if<Conv2d>(&graph.at({consumers[index][0]}).op);
  return conv != nullptr && conv->padding == Padding::kValid;
}

/// Lets an activation, or an addition through either of its inputs, work in place where nobody else reads the
/// input.
void choose_in_place(const Graph& graph, const std::vector<std::vector<int>>& consumers, Step& step) {
  if (!std::holds_alternative<Activation>(step.op) && !std::holds_alternative<Add>(step.op)) return;
  const auto overwritable = std::find_if(step.inputs.begin(), step.inputs.end(), [&](int input) {
    return output_is_free(graph.at({input}).op) && consumers[static_cast<std::size_t>(input)].size() == 1;
  });
  if (overwritable == step.inputs.end()) return;
  step.in_place = true;
  std::iter_swap(step.inputs.begin(), overwritable);
}

}  // namespace

std::vector<Step> plan_steps(const Graph& graph) {
  const std::vector<std::vector<int>> consumers = consumers_of(graph);
  std::vector<Step> steps;
  for (int i = 1; i < static_cast<int>(graph.nodes().size()); ++i) {
    if (is_absorbed(graph, consumers, i)) continue;
    const Node& node = graph.at({i});
    Step step{.op = node.op, .output = i, .is_frozen = node.is_frozen};
    for (const Value input : node.inputs) {
      if (is_absorbed(graph, consumers, input.node)) {
        step.zero_padding = std::get<ZeroPad>(graph.at(input).op).amount;
        step.inputs.push_back(graph.at(input).inputs[0].node);
      } else {
        step.inputs.push_back(input.node);
      }
    }
    choose_in_place(graph, consumers, step);
    steps.push_back(std::move(step));
  }

  std::vector<bool> read_later(graph.nodes().size(), false);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    for (const int input : step->inputs) {
      if (read_later[static_cast<std::size_t>(input)]) continue;
      read_later[static_cast<std::size_t>(input)] = true;
      step->release.push_back(input);
    }
  }
  return steps;
}

}  // namespace segbench::architectures
