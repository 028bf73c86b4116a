// SPDX-License-Identifier: MIT
#include "architectures/graph/fresh_weights.h"

#include "architectures/graph/initializers.h"
#include "harness/core/random.h"

namespace segbench::architectures {

FreshWeights::FreshWeights(const Graph& graph, std::uint64_t seed) {
  for (const Node& node : graph.nodes()) {
    for (const TensorSpec& spec : node.tensors) {
      const std::string name = node.name + "." + spec.name;
      std::vector<float>& values = tensors_[name];
      values.resize(static_cast<std::size_t>(spec.numel()));
      initialise(spec, name, seed, values);
      if (spec.shape.size() == 1) {
        core::Stream stream(seed, core::Purpose::kWeights, 1, core::stream_index(name));
        for (float& value : values) value += static_cast<float>(stream.uniform(-0.2, 0.2));
      }
      weights_[name] = std::as_bytes(std::span<const float>(values));
    }
  }
}

}  // namespace segbench::architectures
