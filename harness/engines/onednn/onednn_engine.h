// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "architectures/graph/engine.h"
#include "architectures/graph/weights.h"

namespace segbench::engines {

/// How oneDNN computes convolutions of 3 x 3 pixels: directly, or by Winograd's minimal filtering wherever
/// that is faster, whose rounding is coarser.
struct OneDnnOptions {
  bool winograd = false;
};

/// "onednn" or "onednn_winograd".
std::string name_of(const OneDnnOptions& options);
std::string onednn_version();

/// Executes a graph's fused plan by oneDNN's operations, with maps in blocks of channels between layers, for
/// so many images at once; other numbers are refused. It computes with OpenMP's threads. Throws
/// core::UserError naming a layer that oneDNN does not do.
std::unique_ptr<architectures::Engine> make_onednn_engine(const architectures::Graph& graph,
                                                          const architectures::Weights& weights,
                                                          std::int64_t images,
                                                          const OneDnnOptions& options = {});

}  // namespace segbench::engines
