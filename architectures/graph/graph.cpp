// SPDX-License-Identifier: MIT
#include "architectures/graph/graph.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::architectures {

Graph::Graph(const Shape& input) {
  SEGBENCH_CHECK(input.values() > 0, "an input of {} x {} x {} values", input.channels, input.height,
                 input.width);
  nodes_.push_back({"input", Input{}, {}, input, {}});
}

Value Graph::append(std::string name, Op op, std::vector<Value> inputs, bool is_part_of_layer) {
  SEGBENCH_CHECK(
      std::none_of(nodes_.begin(), nodes_.end(), [&](const Node& node) { return node.name == name; }),
      "two layers are named {}", name);
  std::vector<Shape> shapes;
  for (const Value input : inputs) shapes.push_back(at(input).shape);
  const Shape shape = output_shape(op, shapes);
  std::vector<TensorSpec> tensors = tensors_of(op, shapes.front());
  nodes_.push_back(
      {std::move(name), std::move(op), std::move(inputs), shape, std::move(tensors), is_part_of_layer});
  return output();
}

std::vector<std::vector<int>> consumers_of(const Graph& graph) {
  std::vector<std::vector<int>> consumers(graph.nodes().size());
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    for (const Value input : graph.nodes()[i].inputs) {
      consumers[static_cast<std::size_t>(input.node)].push_back(static_cast<int>(i));
    }
  }
  return consumers;
}

std::vector<Shape> input_shapes(const Graph& graph, const Node& node) {
  std::vector<Shape> shapes;
  for (const Value input : node.inputs) shapes.push_back(graph.at(input).shape);
  return shapes;
}

std::string Layers::path(std::string_view name) const {
  return prefix_.empty() ? std::string(name) : prefix_ + "." + std::string(name);
}

Value Layers::activation(Value x, Function f) const {
  const std::string suffix = f == Function::kRelu ? ".relu" : ".activation";
  return graph_->append(graph_->at(x).name + suffix, Activation{f}, {x}, true);
}

}  // namespace segbench::architectures
