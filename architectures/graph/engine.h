// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "architectures/graph/ops.h"

namespace segbench::architectures {

/// Maps of several images, float32 [count, channels, height, width] in C order.
struct Maps {
  std::int64_t count = 0;
  Shape shape;
  std::vector<float> values;
};

/// What ran, and how.
struct EngineReport {
  std::string name;     ///< "libtorch", "opencv_dnn"
  std::string version;  ///< of the library
  std::string device;   ///< "cpu", "cuda:0"
};

/// Executes a network in evaluation: made from its graph and weights by whoever can, LibTorch
/// (architectures/torch/engine.h) or a runtime that reads the ONNX file (architectures/onnx/writer.h).
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  virtual EngineReport report() const = 0;
  /// Normalised images to logits [count, outputs, height, width], no softmax or sigmoid. Throws
  /// core::UserError for images that the network does not take.
  virtual Maps run(const Maps& images) = 0;
};

}  // namespace segbench::architectures
