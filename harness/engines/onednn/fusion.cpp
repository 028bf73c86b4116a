// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/fusion.h"

#include <algorithm>

namespace segbench::engines::onednn {
namespace {

namespace arch = architectures;

std::size_t slot(int i) {
  return static_cast<std::size_t>(i);
}

/// True for a node whose output is its first input in evaluation.
bool changes_nothing(const arch::Graph& graph, const arch::Node& node) {
  if (std::holds_alternative<arch::Dropout>(node.op) || std::holds_alternative<arch::DropPath>(node.op))
    return true;
  const bool may = std::holds_alternative<arch::CropLike>(node.op) ||
                   std::holds_alternative<arch::PadToMultiple>(node.op) ||
                   std::holds_alternative<arch::Upsample>(node.op);
  return may && node.shape == graph.at(node.inputs[0]).shape;
}

/// Of the steps by the values that they read.
std::vector<std::vector<std::size_t>> readers_of(std::size_t values, const std::vector<Step>& steps) {
  std::vector<std::vector<std::size_t>> readers(values);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const int input : steps[i].planned.inputs) readers[slot(input)].push_back(i);
    if (steps[i].added) readers[slot(*steps[i].added)].push_back(i);
  }
  return readers;
}

/// Without those that change nothing.
Steps effective_steps(const arch::Graph& graph) {
  std::vector<int> stands_for(graph.nodes().size());
  for (std::size_t i = 0; i < stands_for.size(); ++i) stands_for[i] = static_cast<int>(i);
  std::vector<Step> steps;
  for (arch::PlannedStep& planned : plan(graph, {.fuse = true})) {
    for (int& input : planned.inputs) input = stands_for[slot(input)];
    const arch::Node& node = graph.at({planned.node});
    if (changes_nothing(graph, node))
      stands_for[slot(planned.output)] = planned.inputs[0];
    else
      steps.push_back({.planned = std::move(planned), .added = {}});
  }
  return {.steps = std::move(steps), .output = stands_for.back()};
}

void erase(std::vector<Step>& steps, std::size_t i) {
  steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(i));
}

/// Takes the activation that alone reads a step's output into it.
void take_activation(const arch::Graph& graph, std::vector<Step>& steps, std::size_t i) {
  arch::PlannedStep& planned = steps[i].planned;
  if (planned.activation) return;
  const std::vector<std::size_t> readers = readers_of(graph.nodes().size(), steps)[slot(planned.output)];
  if (readers.size() != 1) return;
  const arch::PlannedStep& reader = steps[readers[0]].planned;
  const auto* activation = std::get_if<arch::Activation>(&graph.at({reader.node}).op);
  if (activation == nullptr) return;
  planned.activation = activation->function;
  planned.output = reader.output;
  erase(steps, readers[0]);
}

/// Takes an addition into the convolution that makes its later summand; false where that cannot be.
bool take_addition(const arch::Graph& graph, std::vector<Step>& steps, std::size_t addition) {
  const std::vector<int> summands = steps[addition].planned.inputs;
  if (summands.size() != 2 || summands[0] == summands[1]) return false;
  const auto made_by = [&](int value) {
    return std::find_if(steps.begin(), steps.end(),
                        [&](const Step& step) { return step.planned.output == value; });
  };
  const auto first = made_by(summands[0]), second = made_by(summands[1]);
  if (first == steps.end() || second == steps.end()) return false;  // the image itself
  Step& later = first > second ? *first : *second;
  const int other = first > second ? summands[1] : summands[0];
  const auto readers = readers_of(graph.nodes().size(), steps);
  const auto place = static_cast<std::size_t>(&later - steps.data());
  const bool is_convolution = std::holds_alternative<arch::Conv2d>(graph.at({later.planned.node}).op);
  const bool is_free = std::all_of(readers[slot(other)].begin(), readers[slot(other)].end(),
                                   [&](std::size_t reader) { return reader < place || reader == addition; });
  if (!is_convolution || later.planned.activation || later.added || !is_free ||
      readers[slot(later.planned.output)].size() != 1)
    return false;
  later.added = other;
  later.planned.output = steps[addition].planned.output;
  erase(steps, addition);
  take_activation(graph, steps, place);
  return true;
}

}  // namespace

Steps steps_of(const arch::Graph& graph) {
  Steps effective = effective_steps(graph);
  std::vector<Step>& steps = effective.steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const arch::Op& op = graph.at({steps[i].planned.node}).op;
    if (std::holds_alternative<arch::Add>(op)) {
      if (take_addition(graph, steps, i)) {
        --i;
        continue;
      }
      take_activation(graph, steps, i);
    } else if (std::holds_alternative<arch::BatchNorm>(op)) {
      take_activation(graph, steps, i);
    }
  }
  return effective;
}

}  // namespace segbench::engines::onednn
