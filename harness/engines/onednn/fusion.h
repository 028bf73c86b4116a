// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/graph/plan.h"

namespace segbench::engines::onednn {

/// A step of the fused plan, with what this engine takes into it besides.
struct Step {
  architectures::PlannedStep planned;  ///< its releases and what may be overwritten are not kept up to date
  std::optional<int> added;            ///< a value that a convolution adds to its sums, and overwrites
};

struct Steps {
  std::vector<Step> steps;
  int output = 0;  ///< the value that is the graph's output
};

/// The plan with batch normalisations folded and activations fused, and besides:
///  - operations that change nothing in evaluation are left out; their readers read what they read;
///  - an addition becomes a part of the convolution that makes its later summand, where nobody else reads
///    that and nobody reads the other one any more;
///  - the activation behind an addition or a batch normalisation is a part of it.
Steps steps_of(const architectures::Graph& graph);

}  // namespace segbench::engines::onednn
