// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "architectures/graph/graph.h"

namespace segbench::architectures {

/// One thing that an engine does: a node's operation, with what was taken into it.
struct PlannedStep {
  int node = 0;                   ///< whose operation and tensors, an index into Graph::nodes()
  std::vector<int> inputs = {};   ///< the values read, by the node that they come from
  int output = 0;                 ///< the value made: `node`, or the last node that was fused into it
  std::vector<int> release = {};  ///< values that nobody reads after this step
  int zero_padding = 0;           ///< of a valid convolution: a ZeroPad before it, taken over
  bool in_place = false;  ///< may overwrite inputs[0]: nobody else reads it, in a backward pass neither
  std::optional<int> batch_norm = {};  ///< the node of a batch normalisation folded into this convolution
  std::optional<Function> activation = {};  ///< applied to the result
};

struct PlanOptions {
  /// Batch normalisations and activations become part of the convolution before them where nobody else reads
  /// it. For evaluation alone, and other numbers in the last bits: fold.h has the weights.
  bool fuse = false;
};

/// How to execute a graph: steps in order. Zero padding that only feeds a convolution is a part of it, and
/// steps that may overwrite their input without a backward pass noticing do.
std::vector<PlannedStep> plan(const Graph& graph, const PlanOptions& options = {});

/// The largest number of values alive at once when the steps run for one image of the graph's size in
/// evaluation, and each value is freed after its last reader. Operations that change nothing then (dropout, a
/// crop) make no values.
std::int64_t peak_values(const Graph& graph, const std::vector<PlannedStep>& steps);

}  // namespace segbench::architectures
