// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/graph/plan.h"

namespace segbench::architectures {

/// The values of a network's tensors by their full names ("encoder1.conv1.weight"): float32 in C order, at
/// any address.
using Weights = std::map<std::string, std::span<const std::byte>, std::less<>>;

/// The bytes of a node's tensor ("weight", "bias", …). Throws core::UserError when they are missing or not as
/// many as the node's definition asks for.
std::span<const std::byte> tensor_bytes(const Weights& weights, const Node& node, std::string_view tensor);
/// The same as numbers.
std::vector<float> tensor_values(const Weights& weights, const Node& node, std::string_view tensor);

/// A convolution's weight, in its own layout, and its bias of one value a filter.
struct ConvolutionWeights {
  std::vector<float> weight, bias;
};

/// What a convolution's step needs when its batch normalisation is folded into it (PlannedStep::batch_norm is
/// set): with s = weight_bn / sqrt(variance + epsilon) by filter, weight s and (bias - mean) s + bias_bn.
/// Computed in float64.
ConvolutionWeights fold_batch_norm(const Graph& graph, const PlannedStep& step, const Weights& weights);

}  // namespace segbench::architectures
