// SPDX-License-Identifier: MIT
#pragma once

#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"
#include "harness/engines/onednn/convolution.h"
#include "harness/engines/onednn/program.h"

namespace segbench::engines::onednn {

/// A network as a program for so many images of the graph's size: reads channels first, float32, and leaves
/// the logits so.
struct Written {
  Map images, logits;
};

/// Throws core::UserError naming a layer that oneDNN does not do.
Written write_program(Program& program, const architectures::Graph& graph,
                      const architectures::Weights& weights, std::int64_t count, WinogradUse& winograd);

}  // namespace segbench::engines::onednn
