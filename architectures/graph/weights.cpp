// SPDX-License-Identifier: MIT
#include "architectures/graph/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

const TensorSpec* find_tensor(const Node& node, std::string_view name) {
  const auto found = std::find_if(node.tensors.begin(), node.tensors.end(),
                                  [&](const TensorSpec& tensor) { return tensor.name == name; });
  return found == node.tensors.end() ? nullptr : &*found;
}

std::vector<float> values_or(const Weights& weights, const Node& node, std::string_view tensor,
                             float otherwise, std::int64_t count) {
  if (find_tensor(node, tensor) != nullptr) return tensor_values(weights, node, tensor);
  return std::vector<float>(static_cast<std::size_t>(count), otherwise);
}

}  // namespace

std::span<const std::byte> tensor_bytes(const Weights& weights, const Node& node, std::string_view tensor) {
  const TensorSpec* spec = find_tensor(node, tensor);
  SEGBENCH_CHECK(spec != nullptr, "layer {} has no tensor {}", node.name, tensor);
  const std::string name = fmt::format("{}.{}", node.name, tensor);
  const auto found = weights.find(name);
  if (found == weights.end()) throw core::UserError(fmt::format("the weights have no tensor {}", name));
  const auto wanted = static_cast<std::size_t>(spec->numel()) * sizeof(float);
  if (found->second.size() != wanted) {
    throw core::UserError(fmt::format("the tensor {} has {} bytes, but the network has {} there", name,
                                      found->second.size(), wanted));
  }
  return found->second;
}

std::vector<float> tensor_values(const Weights& weights, const Node& node, std::string_view tensor) {
  const std::span<const std::byte> bytes = tensor_bytes(weights, node, tensor);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

ConvolutionWeights fold_batch_norm(const Graph& graph, const PlannedStep& step, const Weights& weights) {
  const Node& conv = graph.at({step.node});
  const Node& norm = graph.at({step.batch_norm.value()});
  const std::int64_t filters = conv.shape.channels;
  const std::vector<float> scale = values_or(weights, norm, "weight", 1, filters);
  const std::vector<float> shift = tensor_values(weights, norm, "bias");
  const std::vector<float> mean = tensor_values(weights, norm, "running_mean");
  const std::vector<float> variance = tensor_values(weights, norm, "running_var");
  ConvolutionWeights folded{.weight = tensor_values(weights, conv, "weight"),
                            .bias = values_or(weights, conv, "bias", 0, filters)};
  const double epsilon = std::get<BatchNorm>(norm.op).epsilon;
  // A convolution has its filters outermost, a transposed one below its input channels.
  const TensorSpec& layout = conv.tensors[0];
  const bool transposed = std::holds_alternative<ConvTranspose2d>(conv.op);
  const std::int64_t below = layout.shape[2] * layout.shape[3] * (transposed ? 1 : layout.shape[1]);
  for (std::size_t i = 0; i < folded.weight.size(); ++i) {
    const auto filter = static_cast<std::size_t>(static_cast<std::int64_t>(i) / below % filters);
    folded.weight[i] =
        static_cast<float>(folded.weight[i] * (scale[filter] / std::sqrt(variance[filter] + epsilon)));
  }
  for (std::size_t f = 0; f < folded.bias.size(); ++f) {
    const double factor = scale[f] / std::sqrt(variance[f] + epsilon);
    folded.bias[f] = static_cast<float>((static_cast<double>(folded.bias[f]) - mean[f]) * factor + shift[f]);
  }
  return folded;
}

}  // namespace segbench::architectures
