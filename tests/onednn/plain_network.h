// SPDX-License-Identifier: MIT
#pragma once

#include "architectures/graph/engine.h"
#include "architectures/graph/weights.h"

namespace segbench::architectures::tests {

/// A network as the definitions of its operations read (architectures/graph/ops.h): each node by itself, in
/// float64, by loops.
Maps run_plainly(const Graph& graph, const Weights& weights, const Maps& images);

}  // namespace segbench::architectures::tests
