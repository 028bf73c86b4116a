// SPDX-License-Identifier: MIT
#include "architectures/networks/network.h"

#include "architectures/graph/graph.h"
#include "architectures/graph/plan.h"
#include "architectures/networks/architecture.h"

namespace segbench::architectures {
namespace {

/// True for a node that does nothing at this size: it has no row and makes no new values.
bool is_identity(const Graph& graph, const Node& node) {
  const bool may_be =
      std::holds_alternative<PadToMultiple>(node.op) || std::holds_alternative<CropLike>(node.op);
  return may_be && node.shape == graph.at(node.inputs[0]).shape;
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
  summary.peak_values = peak_values(graph, plan(graph));
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
