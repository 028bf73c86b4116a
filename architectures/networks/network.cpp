// SPDX-License-Identifier: MIT
#include "architectures/networks/network.h"

#include <algorithm>

#include "architectures/graph/graph.h"
#include "architectures/networks/architecture.h"

namespace segbench::architectures {
namespace {

/// True for a node that does nothing at this size: it has no row and makes no new values.
bool is_identity(const Graph& graph, const Node& node) {
  const bool may_be =
      std::holds_alternative<PadToMultiple>(node.op) || std::holds_alternative<CropLike>(node.op);
  return may_be && node.shape == graph.at(node.inputs[0]).shape;
}

/// True for a node whose output overwrites or is its input when an image is evaluated.
bool is_in_place(const Graph& graph, const Node& node) {
  return std::holds_alternative<Activation>(node.op) || std::holds_alternative<Dropout>(node.op) ||
         std::holds_alternative<DropPath>(node.op) || std::holds_alternative<CropLike>(node.op) ||
         is_identity(graph, node);
}

LayerRow row_of(const Graph& graph, const Node& node) {
  LayerRow row{.name = node.name,
               .kind = std::string(kind_of(node.op)),
               .output_shape = {node.shape.height, node.shape.width, node.shape.channels}};
  for (const TensorSpec& tensor : node.tensors)
    (tensor.trainable && !tensor.frozen ? row.trainable : row.non_trainable) += tensor.numel();
  row.macs = macs_of(node.op, input_shapes(graph, node), node.shape);
  if (!node.tensors.empty()) row.init = to_string(node.tensors[0].init);
  return row;
}

/// The largest number of values alive at once when nodes run in order and each value is freed after its last
/// reader.
std::int64_t peak_values(const Graph& graph) {
  const std::vector<Node>& nodes = graph.nodes();
  // The storage behind each value: a node that works in place shares the one of its input.
  std::vector<std::size_t> storage(nodes.size()), last_use(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    storage[i] =
        is_in_place(graph, nodes[i]) ? storage[static_cast<std::size_t>(nodes[i].inputs[0].node)] : i;
    for (const Value input : nodes[i].inputs) last_use[storage[static_cast<std::size_t>(input.node)]] = i;
    last_use[storage[i]] = i;
  }
  std::int64_t alive = 0, peak = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (storage[i] == i) alive += nodes[i].shape.values();
    peak = std::max(peak, alive + inner_values_of(nodes[i].op, input_shapes(graph, nodes[i])));
    for (std::size_t s = 0; s <= i; ++s) {
      if (storage[s] == s && last_use[s] == i) alive -= nodes[s].shape.values();
    }
  }
  return peak;
}

}  // namespace

NetworkOptions network_options(const core::ModelConfig& model, int in_channels, int num_outputs,
                               int image_height, int image_width) {
  return {.architecture = model.architecture,
          .size = model.size,
          .width = model.width,
          .in_channels = in_channels,
          .num_outputs = num_outputs,
          .image_height = image_height,
          .image_width = image_width,
          .params = model.params,
          .freeze = model.freeze,
          .file = model.file};
}

NetworkSummary summarise(const Graph& graph) {
  NetworkSummary summary;
  for (const Node& node : graph.nodes()) {
    if (node.is_part_of_layer || is_identity(graph, node)) continue;
    const LayerRow& row = summary.layers.emplace_back(row_of(graph, node));
    summary.trainable += row.trainable;
    summary.non_trainable += row.non_trainable;
    summary.macs += row.macs;
    summary.activation_values += node.shape.values() + inner_values_of(node.op, input_shapes(graph, node));
  }
  summary.peak_values = peak_values(graph);
  return summary;
}

NetworkSummary summarise(const NetworkOptions& options) {
  NetworkSummary summary = summarise(build_graph(options));
  const Architecture& chosen = architecture(options.architecture);
  summary.stride = stride_of(size_of(chosen, options.size), resolved_params(chosen, options.params));
  return summary;
}

std::vector<std::string> sizes_of(const std::string& name) {
  std::vector<std::string> sizes;
  if (is_read_from_file(name)) return sizes;
  for (const Size& size : architecture(name).sizes) sizes.push_back(size.name);
  return sizes;
}

}  // namespace segbench::architectures
