// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/graph/plan.h"

namespace segbench::architectures::script {

/// Python may work in place and finds some functions in torch._C._nn ("nn"); TorchScript has all in "torch".
enum class Dialect { kPython, kTorchScript };

/// What an expression is written with.
struct Arguments {
  const PlannedStep& step;
  Dialect dialect;
  std::vector<std::string> inputs;   ///< names of the values that the step reads
  std::vector<std::string> tensors;  ///< of its tensors, as tensors_of() orders them
};

/// What a step computes, as a Python expression of PyTorch's functions, at the graph's sizes.
std::string expression(const Graph& graph, const Arguments& arguments);

}  // namespace segbench::architectures::script
