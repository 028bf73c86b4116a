// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"

namespace segbench::architectures::tests {

/// Weights as a trained network might have them: as the graph's tensors start, but with biases, scales and
/// moving statistics that differ from channel to channel.
class RandomWeights {
 public:
  explicit RandomWeights(const Graph& graph);
  /// Valid as long as this lives.
  const Weights& weights() const { return weights_; }

 private:
  std::map<std::string, std::vector<float>> tensors_;
  Weights weights_;
};

}  // namespace segbench::architectures::tests
