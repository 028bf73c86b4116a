// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "architectures/graph/graph.h"

namespace segbench::architectures {

/// The tensors of every node (indexed as graph.nodes()), float32 on the CPU, initialised as initializers.h
/// says. Tensors are filled on several threads; the result does not depend on how many.
std::vector<std::vector<torch::Tensor>> initial_tensors(const Graph& graph, std::uint64_t seed);

}  // namespace segbench::architectures
