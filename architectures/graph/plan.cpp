// SPDX-License-Identifier: MIT
#include "architectures/graph/plan.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using Consumers = std::vector<std::vector<int>>;

std::size_t index(int node) {
  return static_cast<std::size_t>(node);
}

/// True for an operation whose backward pass does not read its own output, so that the next one may overwrite
/// it. (Activations do; a dropout's output may be its input.)
bool output_is_free(const Op& op) {
  return std::holds_alternative<Conv2d>(op) || std::holds_alternative<ConvTranspose2d>(op) ||
         std::holds_alternative<BatchNorm>(op) || std::holds_alternative<Add>(op) ||
         std::holds_alternative<Multiply>(op) || std::holds_alternative<Concat>(op);
}

/// True for an activation whose backward pass reads its output alone.
bool can_overwrite(const Op& op) {
  if (std::holds_alternative<Add>(op)) return true;
  const auto* activation = std::get_if<Activation>(&op);
  if (activation == nullptr) return false;
  switch (activation->function) {
    case Function::kRelu:
    case Function::kRelu6:
    case Function::kSigmoid:
    case Function::kTanh:
      return true;
    default:
      return false;
  }
}

/// A zero padding of all sides whose only reader is a convolution without padding of its own.
bool is_absorbed(const Graph& graph, const Consumers& consumers, int node) {
  const auto* pad = std::get_if<ZeroPad>(&graph.at({node}).op);
  if (pad == nullptr || pad->at_end_only || consumers[index(node)].size() != 1) return false;
  const auto* conv = std::get_if<Conv2d>(&graph.at({consumers[index(node)][0]}).op);
  return conv != nullptr && conv->padding == Padding::kValid;
}

/// The only reader of a node when it is an `Operation`.
template <typename Operation>
std::optional<int> sole_reader(const Graph& graph, const Consumers& consumers, int node) {
  if (consumers[index(node)].size() != 1) return std::nullopt;
  const int reader = consumers[index(node)][0];
  return std::holds_alternative<Operation>(graph.at({reader}).op) ? std::optional(reader) : std::nullopt;
}

/// Takes the batch normalisation and the activation after a convolution into its step.
void fuse(const Graph& graph, const Consumers& consumers, PlannedStep& step) {
  const Op& op = graph.at({step.node}).op;
  if (!std::holds_alternative<Conv2d>(op) && !std::holds_alternative<ConvTranspose2d>(op)) return;
  if (const auto norm = sole_reader<BatchNorm>(graph, consumers, step.output)) {
    step.batch_norm = norm;
    step.output = *norm;
  }
  if (const auto reader = sole_reader<Activation>(graph, consumers, step.output)) {
    step.activation = std::get<Activation>(graph.at({*reader}).op).function;
    step.output = *reader;
  }
}

/// Lets an activation, or an addition through either of its inputs, work in place where nobody else reads the
/// input.
void choose_in_place(const Graph& graph, const Consumers& consumers, PlannedStep& step) {
  if (!can_overwrite(graph.at({step.node}).op)) return;
  const auto overwritable = std::find_if(step.inputs.begin(), step.inputs.end(), [&](int input) {
    return output_is_free(graph.at({input}).op) && consumers[index(input)].size() == 1;
  });
  if (overwritable == step.inputs.end()) return;
  step.in_place = true;
  std::iter_swap(step.inputs.begin(), overwritable);
}

/// Each value is released by its last reader.
void choose_releases(std::size_t values, std::vector<PlannedStep>& steps) {
  std::vector<bool> read_later(values, false);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    for (const int input : step->inputs) {
      if (read_later[index(input)]) continue;
      read_later[index(input)] = true;
      step->release.push_back(input);
    }
  }
}

/// True for a step whose output is its first input, or a part of it, in evaluation.
bool shares_its_input(const Graph& graph, const PlannedStep& step) {
  const Node& node = graph.at({step.node});
  const bool keeps_shape = node.shape == graph.at(node.inputs[0]).shape;
  return step.in_place || std::holds_alternative<Dropout>(node.op) ||
         std::holds_alternative<DropPath>(node.op) || std::holds_alternative<CropLike>(node.op) ||
         (keeps_shape &&
          (std::holds_alternative<PadToMultiple>(node.op) || std::holds_alternative<Upsample>(node.op)));
}

}  // namespace

std::vector<PlannedStep> plan(const Graph& graph, const PlanOptions& options) {
  const Consumers consumers = consumers_of(graph);
  std::vector<bool> done(graph.nodes().size(), false);  // by a step before
  std::vector<PlannedStep> steps;
  for (int i = 1; i < static_cast<int>(graph.nodes().size()); ++i) {
    if (done[index(i)] || is_absorbed(graph, consumers, i)) continue;
    PlannedStep step{.node = i, .output = i};
    for (const Value input : graph.at({i}).inputs) {
      if (is_absorbed(graph, consumers, input.node)) {
        step.zero_padding = std::get<ZeroPad>(graph.at(input).op).amount;
        step.inputs.push_back(graph.at(input).inputs[0].node);
      } else {
        step.inputs.push_back(input.node);
      }
    }
    if (options.fuse) fuse(graph, consumers, step);
    if (step.batch_norm) done[index(*step.batch_norm)] = true;
    done[index(step.output)] = true;
    choose_in_place(graph, consumers, step);
    steps.push_back(std::move(step));
  }
  choose_releases(graph.nodes().size(), steps);
  return steps;
}

std::int64_t peak_values(const Graph& graph, const std::vector<PlannedStep>& steps) {
  std::vector<int> storage(graph.nodes().size(), 0);  // the value whose memory holds each value
  std::vector<int> users(graph.nodes().size(), 0);    // values alive in each memory
  std::int64_t alive = graph.nodes()[0].shape.values(), peak = alive;
  users[0] = 1;
  for (const PlannedStep& step : steps) {
    const Node& node = graph.at({step.node});
    const bool shares = shares_its_input(graph, step);
    storage[index(step.output)] = shares ? storage[index(step.inputs[0])] : step.output;
    ++users[index(storage[index(step.output)])];
    if (!shares) alive += node.shape.values();
    peak = std::max(peak, alive + inner_values_of(node.op, input_shapes(graph, node)));
    for (const int dead : step.release) {
      const int memory = storage[index(dead)];
      if (--users[index(memory)] == 0) alive -= graph.at({memory}).shape.values();
    }
  }
  return peak;
}

}  // namespace segbench::architectures
