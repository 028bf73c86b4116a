// SPDX-License-Identifier: MIT
#include "architectures/onnx/emitter.h"

#include <algorithm>

namespace segbench::architectures::onnx {

std::string Emitter::unique(std::string_view suffix) {
  std::string name = std::string(suffix);
  for (int i = 2; std::find(taken_.begin(), taken_.end(), name) != taken_.end(); ++i)
    name = std::string(suffix) + "_" + std::to_string(i);
  taken_.push_back(name);
  return node().name + "/" + name;
}

std::string Emitter::call(const char* op, std::vector<std::string> inputs, Attributes attributes) {
  const std::string output = unique(op);
  model_.calls.push_back({op, output, std::move(inputs), {output}, std::move(attributes)});
  return output;
}

std::string Emitter::places_of_maxima(const std::string& x, const Attributes& window) {
  const auto pools_so = [&](const Call& call) {
    return call.op == "MaxPool" && call.inputs.front() == x && call.attributes == window;
  };
  auto pooling = std::find_if(model_.calls.begin(), model_.calls.end(), pools_so);
  if (pooling == model_.calls.end()) {
    call("MaxPool", {x}, window);
    pooling = model_.calls.end() - 1;
  }
  if (pooling->outputs.size() == 1) pooling->outputs.push_back(pooling->outputs[0] + "_places");
  return pooling->outputs[1];
}

std::string Emitter::tensor(std::string_view name) {
  const auto spec = std::find_if(node().tensors.begin(), node().tensors.end(),
                                 [&](const TensorSpec& candidate) { return candidate.name == name; });
  Constant constant{.name = node().name + "." + std::string(name), .shape = spec->shape};
  constant.view = tensor_bytes(weights_, node(), name);
  model_.constants.push_back(std::move(constant));
  return model_.constants.back().name;
}

std::string Emitter::tensor_by_channel(std::string_view name) {
  const std::string result = tensor(name);
  model_.constants.back().shape = {node().shape.channels, 1, 1};
  return result;
}

std::vector<std::string> Emitter::convolution_tensors() {
  if (!step_.batch_norm) {
    std::vector<std::string> names = {tensor("weight")};
    if (node().tensors.size() > 1) names.push_back(tensor("bias"));
    return names;
  }
  ConvolutionWeights folded = fold_batch_norm(graph_, step_, weights_);
  return {floats("weight", node().tensors[0].shape, std::move(folded.weight)),
          floats("bias", {node().shape.channels}, std::move(folded.bias))};
}

std::string Emitter::floats(const char* name, std::vector<std::int64_t> shape, std::vector<float> values) {
  Constant constant{.name = unique(name), .shape = std::move(shape)};
  constant.floats = std::move(values);
  model_.constants.push_back(std::move(constant));
  return model_.constants.back().name;
}

std::string Emitter::integers(const char* name, std::vector<std::int64_t> values) {
  Constant constant{.name = unique(name), .shape = {static_cast<std::int64_t>(values.size())}};
  constant.integers = std::move(values);
  model_.constants.push_back(std::move(constant));
  return model_.constants.back().name;
}

}  // namespace segbench::architectures::onnx
