// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"

namespace segbench::architectures {

/// Weights of a network that nobody has trained, to measure how fast it is and to compare what executes
/// it: as training starts (initializers.h), but with up to 0.2 added to or taken from every tensor of one
/// dimension, so that biases and the statistics of batch normalisations are none that do nothing. The same on
/// any machine.
class FreshWeights {
 public:
  FreshWeights(const Graph& graph, std::uint64_t seed);
  FreshWeights(const FreshWeights&) = delete;
  FreshWeights& operator=(const FreshWeights&) = delete;

  const Weights& weights() const { return weights_; }

 private:
  std::map<std::string, std::vector<float>> tensors_;
  Weights weights_;
};

}  // namespace segbench::architectures
