// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "architectures/graph/ops.h"

namespace segbench::architectures {

/// What comes out of a node of a graph.
struct Value {
  int node = -1;
  bool operator==(const Value&) const = default;
};

/// One operation of a network. Nodes stand in an order in which they can be run.
struct Node {
  std::string name;  ///< dotted path, unique: "encoder1.conv1"; its tensors are "encoder1.conv1.weight", …
  Op op;
  std::vector<Value> inputs;
  Shape shape;  ///< of the output, at the size the graph was built for
  std::vector<TensorSpec> tensors;
  /// True when it belongs to the layer before it, as the ReLU of a Keras Conv2D does: no row of its own in a
  /// table.
  bool is_part_of_layer = false;
  /// True for a batch normalisation that always uses its moving statistics, as in evaluation: freeze.h.
  bool is_frozen = false;
};

/// A network as data: built without LibTorch, executed by whoever can (architectures/torch executes it with
/// LibTorch). The first node is the input, the last one gives the logits.
class Graph {
 public:
  explicit Graph(const Shape& input);

  /// Throws InternalError for a name that is taken and for inputs that do not fit together.
  Value append(std::string name, Op op, std::vector<Value> inputs, bool is_part_of_layer = false);

  const std::vector<Node>& nodes() const { return nodes_; }
  std::vector<Node>& nodes() { return nodes_; }
  const Node& at(Value value) const { return nodes_.at(static_cast<std::size_t>(value.node)); }
  Value input() const { return {0}; }
  Value output() const { return {static_cast<int>(nodes_.size()) - 1}; }

 private:
  std::vector<Node> nodes_;
};

/// The nodes that read each node's output, in order: consumers[i] are indices into nodes().
std::vector<std::vector<int>> consumers_of(const Graph& graph);

/// What a node reads, in order.
std::vector<Shape> input_shapes(const Graph& graph, const Node& node);

/// Where a network's file writes its layers: appends to a graph under a dotted prefix.
///
///     const Layers stage = net.in("encoder1");
///     x = stage.relu(stage.conv2d("conv1", x, {.filters = 64}));  // a convolution with its ReLU: one layer
///     x = stage.batch_norm("bn1", x, {});
class Layers {
 public:
  explicit Layers(Graph& graph, std::string prefix = "") : graph_(&graph), prefix_(std::move(prefix)) {}
  /// The layers below `name`.
  Layers in(std::string_view name) const { return Layers(*graph_, path(name)); }
  const Shape& shape(Value x) const { return graph_->at(x).shape; }

  Value conv2d(std::string_view name, Value x, const Conv2d& op) const { return append(name, op, {x}); }
  Value conv_transpose2d(std::string_view name, Value x, const ConvTranspose2d& op) const {
    return append(name, op, {x});
  }
  Value batch_norm(std::string_view name, Value x, const BatchNorm& op) const {
    return append(name, op, {x});
  }
  Value layer_norm(std::string_view name, Value x, const LayerNorm& op = {}) const {
    return append(name, op, {x});
  }
  Value group_norm(std::string_view name, Value x, const GroupNorm& op) const {
    return append(name, op, {x});
  }
  /// An activation that is a layer of its own.
  Value activation(std::string_view name, Value x, Function f) const {
    return append(name, Activation{f}, {x});
  }
  Value relu(std::string_view name, Value x) const { return activation(name, x, Function::kRelu); }
  /// The activation of the layer that made `x`.
  Value relu(Value x) const { return activation(x, Function::kRelu); }
  Value activation(Value x, Function f) const;
  Value max_pool(std::string_view name, Value x, const MaxPool& op = {}) const {
    return append(name, op, {x});
  }
  /// `pooled` is the map that max pooling with this kernel and stride made as small as x.
  Value max_unpool(std::string_view name, Value x, Value pooled, int kernel = 2) const {
    return append(name, MaxUnpool{kernel}, {x, pooled});
  }
  Value avg_pool(std::string_view name, Value x, const AvgPool& op = {}) const {
    return append(name, op, {x});
  }
  Value adaptive_avg_pool(std::string_view name, Value x, int bins) const {
    return append(name, AdaptiveAvgPool{bins}, {x});
  }
  Value pyramid_avg_pool(std::string_view name, Value x, int bins) const {
    return append(name, PyramidAvgPool{bins}, {x});
  }
  Value upsample(std::string_view name, Value x, int factor, Resize mode) const {
    return append(name, Upsample{mode, factor}, {x});
  }
  Value upsample_like(std::string_view name, Value x, Value like, Resize mode) const {
    return append(name, Upsample{mode, 0}, {x, like});
  }
  Value dropout(std::string_view name, Value x, double rate) const {
    return append(name, Dropout{rate}, {x});
  }
  Value drop_path(std::string_view name, Value x, double rate) const {
    return append(name, DropPath{rate}, {x});
  }
  Value add(std::string_view name, Value a, Value b) const { return append(name, Add{}, {a, b}); }
  Value multiply(std::string_view name, Value x, Value weights) const {
    return append(name, Multiply{}, {x, weights});
  }
  Value attention(std::string_view name, Value queries, Value keys, Value values, int heads) const {
    return append(name, Attention{heads}, {queries, keys, values});
  }
  Value concat(std::string_view name, std::vector<Value> parts) const {
    return append(name, Concat{}, parts);
  }
  Value zero_pad(std::string_view name, Value x, int amount) const {
    return append(name, ZeroPad{amount}, {x});
  }
  Value zero_pad_end(std::string_view name, Value x, int amount) const {
    return append(name, ZeroPad{amount, true}, {x});
  }
  Value pad_to_multiple(std::string_view name, Value x, int m) const {
    return append(name, PadToMultiple{m}, {x});
  }
  Value crop_like(std::string_view name, Value x, Value like) const {
    return append(name, CropLike{}, {x, like});
  }

 private:
  std::string path(std::string_view name) const;
  Value append(std::string_view name, Op op, std::vector<Value> inputs) const {
    return graph_->append(path(name), std::move(op), std::move(inputs));
  }

  Graph* graph_;
  std::string prefix_;
};

}  // namespace segbench::architectures
