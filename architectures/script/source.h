// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "architectures/graph/graph.h"

namespace segbench::architectures::script {

/// The full names of the tensors that the source calls self.t0, self.t1, ….
std::vector<std::string> tensor_names(const Graph& graph);

/// `def forward(self, x):` as TorchScript, for images of the graph's size: what the network does in
/// evaluation. Tensors are attributes t0, t1, … of the module.
std::string torchscript_source(const Graph& graph);

/// A Python file with a torch.nn.Module of that forward, `Network(tensors)`, where `tensors` is a dict by the
/// names of tensor_names(); TENSORS lists them.
std::string python_source(const Graph& graph);

}  // namespace segbench::architectures::script
