// SPDX-License-Identifier: MIT
#include "architectures/script/source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "architectures/graph/plan.h"
#include "architectures/script/expression.h"

namespace segbench::architectures::script {
namespace {

std::string variable(int node) {
  return node == 0 ? "x" : fmt::format("v{}", node);
}

/// The body of forward(), every line indented by four spaces more than `indent`.
std::string body(const Graph& graph, Dialect dialect, const std::string& indent) {
  std::string text;
  int next_tensor = 0;
  for (const PlannedStep& step : plan(graph)) {
    Arguments arguments{.step = step, .dialect = dialect, .inputs = {}, .tensors = {}};
    for (const int input : step.inputs) arguments.inputs.push_back(variable(input));
    for (std::size_t i = 0; i < graph.at({step.node}).tensors.size(); ++i)
      arguments.tensors.push_back(fmt::format("self.t{}", next_tensor++));
    text += fmt::format("{}{} = {}\n", indent, variable(step.output), expression(graph, arguments));
    if (dialect == Dialect::kTorchScript || step.release.empty()) continue;
    std::vector<std::string> dead;
    for (const int value : step.release) dead.push_back(variable(value));
    text += fmt::format("{}del {}\n", indent, fmt::join(dead, ", "));
  }
  return text + fmt::format("{}return {}\n", indent, variable(graph.output().node));
}

constexpr const char* kPreamble = R"(# A network written by Segbench, as a PyTorch module in evaluation.
import torch

nn = torch._C._nn  # what torch.nn.functional calls

)";

constexpr const char* kClass = R"(

class Network(torch.nn.Module):
    def __init__(self, tensors):
        super().__init__()
        for i, name in enumerate(TENSORS):
            self.register_parameter(f"t{i}", torch.nn.Parameter(tensors[name], requires_grad=False))

    def forward(self, x):
)";

}  // namespace

std::vector<std::string> tensor_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const PlannedStep& step : plan(graph)) {
    const Node& node = graph.at({step.node});
    for (const TensorSpec& spec : node.tensors) names.push_back(node.name + "." + spec.name);
  }
  return names;
}

std::string torchscript_source(const Graph& graph) {
  return "def forward(self, x):\n" + body(graph, Dialect::kTorchScript, "    ");
}

std::string python_source(const Graph& graph) {
  std::string text = kPreamble;
  text += "TENSORS = [\n";
  for (const std::string& name : tensor_names(graph)) text += fmt::format("    \"{}\",\n", name);
  return text + "]\n" + kClass + body(graph, Dialect::kPython, "        ");
}

}  // namespace segbench::architectures::script
