// SPDX-License-Identifier: MIT
#include "tests/onnx/random_weights.h"

#include <cmath>

#include "architectures/graph/initializers.h"

namespace segbench::architectures::tests {

RandomWeights::RandomWeights(const Graph& graph) {
  for (const Node& node : graph.nodes()) {
    for (const TensorSpec& spec : node.tensors) {
      const std::string name = node.name + "." + spec.name;
      std::vector<float>& values = tensors_[name];
      values.resize(static_cast<std::size_t>(spec.numel()));
      initialise(spec, name, /*seed=*/1, values);
      if (spec.shape.size() == 1) {
        for (std::size_t i = 0; i < values.size(); ++i)
          values[i] += 0.2F * static_cast<float>(std::sin(12.9898 * static_cast<double>(i + name.size())));
      }
      weights_[name] = std::as_bytes(std::span<const float>(values));
    }
  }
}

}  // namespace segbench::architectures::tests
