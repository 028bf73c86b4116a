// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/graph/plan.h"
#include "architectures/graph/weights.h"
#include "architectures/onnx/model.h"

namespace segbench::architectures::onnx {

using Attributes = std::vector<std::pair<std::string, Attribute>>;

/// Appends what one step of a plan comes to: calls, named after the layer, and their constants.
class Emitter {
 public:
  Emitter(const Graph& graph, const PlannedStep& step, const Weights& weights, Model& model)
      : graph_(graph), step_(step), weights_(weights), model_(model) {}

  const Node& node() const { return graph_.at({step_.node}); }
  const PlannedStep& step() const { return step_; }
  /// Of the i-th value that the step's operation reads, before any padding that the step took over.
  Shape input_shape(std::size_t i = 0) const { return graph_.at({step_.inputs[i]}).shape; }

  /// A call of an operator; the name of its output.
  std::string call(const char* op, std::vector<std::string> inputs, Attributes attributes = {});
  /// Where a max pooling of x finds its maxima: the second output of the call that pools x so, which is made
  /// where there is none yet.
  std::string places_of_maxima(const std::string& x, const Attributes& window);

  /// One of the layer's own tensors, as it lies in the weights.
  std::string tensor(std::string_view name);
  /// The same of values for each channel, so that they apply to [N, C, H, W].
  std::string tensor_by_channel(std::string_view name);
  /// A convolution's weight and (where it has one) bias, with the batch normalisation that the step took
  /// over.
  std::vector<std::string> convolution_tensors();

  std::string floats(const char* name, std::vector<std::int64_t> shape, std::vector<float> values);
  std::string number(const char* name, double value) { return floats(name, {}, {static_cast<float>(value)}); }
  std::string integers(const char* name, std::vector<std::int64_t> values);

 private:
  std::string unique(std::string_view suffix);

  const Graph& graph_;
  const PlannedStep& step_;
  const Weights& weights_;
  Model& model_;
  std::vector<std::string> taken_;  ///< names below the layer's
};

/// What a step comes to: the name of its value, given those of its inputs. A step that does nothing in
/// evaluation gives the name of its first input.
std::string emit(Emitter& out, const std::vector<std::string>& inputs);
/// An activation alone, after any operation.
std::string emit_activation(Emitter& out, const std::string& x, Function function);

// Operations that no operator of ONNX's is, put together from several.

std::string emit_layer_norm(Emitter& out, const LayerNorm& norm, const std::string& x);
std::string emit_group_norm(Emitter& out, const GroupNorm& norm, const std::string& x);
std::string emit_attention(Emitter& out, const Attention& attention, const std::vector<std::string>& inputs);
std::string emit_adaptive_avg_pool(Emitter& out, const AdaptiveAvgPool& pool, const std::string& x);

}  // namespace segbench::architectures::onnx
