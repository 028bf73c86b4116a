// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>

#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"
#include "harness/engines/onednn/convolution.h"
#include "harness/engines/onednn/fusion.h"
#include "harness/engines/onednn/joined.h"
#include "harness/engines/onednn/program.h"

namespace segbench::engines::onednn {

/// A step of a network for so many images, and what it is written with.
struct StepTask {
  Program& program;
  const architectures::Graph& graph;
  const architectures::Weights& weights;
  std::int64_t count;
  WinogradUse& winograd;
  const Step& step;
  const std::map<int, Map>& values;  ///< that are read still
  Joined& joined;
  bool is_last_reader;  ///< nobody reads the first input after this step
};

/// Appends a step to the program; returns its result. Throws dnnl::error for what oneDNN does not do.
Map write_step(const StepTask& task);

}  // namespace segbench::engines::onednn
