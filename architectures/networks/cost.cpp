// SPDX-License-Identifier: MIT
#include "architectures/networks/cost.h"

namespace segbench::architectures {

std::vector<LayerCost> layer_costs(const Graph& graph) {
  std::vector<LayerCost> costs;
  for (std::size_t i = 1; i < graph.nodes().size(); ++i) {
    const Node& node = graph.nodes()[i];
    const std::vector<Shape> inputs = input_shapes(graph, node);
    LayerCost cost{.name = node.name, .kind = std::string(kind_of(node.op))};
    cost.macs = macs_of(node.op, inputs, node.shape);
    for (const TensorSpec& tensor : node.tensors) cost.weights += tensor.numel();
    for (const Shape& input : inputs) cost.values_read += input.values();
    cost.values_made = node.shape.values() + inner_values_of(node.op, inputs);
    if (node.is_part_of_layer && !costs.empty()) {  // works on what the layer has just made
      costs.back().macs += cost.macs;
      continue;
    }
    costs.push_back(std::move(cost));
  }
  return costs;
}

std::int64_t moved_bytes(const LayerCost& cost, std::int64_t batch, int bytes_each) {
  return bytes_each * (cost.weights + batch * (cost.values_read + cost.values_made));
}

double arithmetic_intensity(const LayerCost& cost, std::int64_t batch, int bytes_each) {
  const auto bytes = static_cast<double>(moved_bytes(cost, batch, bytes_each));
  return bytes == 0 ? 0 : 2 * static_cast<double>(batch * cost.macs) / bytes;
}

}  // namespace segbench::architectures
