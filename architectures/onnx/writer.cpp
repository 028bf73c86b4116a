// SPDX-License-Identifier: MIT
#include "architectures/onnx/writer.h"

#include <vector>

#include "architectures/graph/plan.h"
#include "architectures/onnx/emitter.h"

namespace segbench::architectures::onnx {
namespace {

constexpr const char* kImage = "image";
constexpr const char* kLogits = "logits";

Port port(const char* name, std::int64_t batch, const Shape& shape) {
  return {name, batch, shape.channels, shape.height, shape.width};
}

/// Gives the network's last value its public name.
void name_output(Model& model, const std::string& last) {
  if (last == kImage) {  // a graph that does nothing
    model.calls.push_back({"Identity", kLogits, {kImage}, {kLogits}});
    return;
  }
  for (Call& call : model.calls) {
    for (auto* names : {&call.inputs, &call.outputs}) {
      for (std::string& name : *names) {
        if (name == last) name = kLogits;
      }
    }
  }
}

}  // namespace

Model onnx_model(const Graph& graph, const Weights& weights, const Options& options) {
  Model model{.name = options.name,
              .input = port(kImage, options.batch, graph.at(graph.input()).shape),
              .output = port(kLogits, options.batch, graph.at(graph.output()).shape),
              .calls = {},
              .constants = {},
              .metadata = options.metadata};
  std::vector<std::string> names(graph.nodes().size());  // of the value that each node makes
  names[0] = kImage;
  for (const PlannedStep& step : plan(graph, {.fuse = options.fold})) {
    std::vector<std::string> inputs;
    for (const int input : step.inputs) inputs.push_back(names[static_cast<std::size_t>(input)]);
    Emitter out(graph, step, weights, model);
    names[static_cast<std::size_t>(step.output)] = emit(out, inputs);
  }
  name_output(model, names.back());
  return model;
}

}  // namespace segbench::architectures::onnx
