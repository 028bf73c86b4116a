// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "architectures/graph/graph.h"

namespace segbench::architectures {

/// What one layer of a network costs for one image, as its graph says.
struct LayerCost {
  std::string name, kind;
  std::int64_t macs = 0;         ///< multiply-accumulates
  std::int64_t weights = 0;      ///< numbers of its tensors, moving statistics too
  std::int64_t values_read = 0;  ///< of its inputs
  std::int64_t values_made = 0;  ///< of its output, and of what it makes on the way there
};

/// The layers in order, activations of a layer with it (as in a table of layers); the input has no row.
std::vector<LayerCost> layer_costs(const Graph& graph);

/// Bytes that a batch moves when nothing stays in a cache between layers: weights once, what is read and made
/// for every image. `bytes_each`: of a number, 4 of float32.
std::int64_t moved_bytes(const LayerCost& cost, std::int64_t batch, int bytes_each);
/// Operations a byte: 2 batch MACs / moved_bytes() (Williams, Waterman, Patterson, "Roofline", CACM 2009).
double arithmetic_intensity(const LayerCost& cost, std::int64_t batch, int bytes_each);

}  // namespace segbench::architectures
