// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
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
  std::string name;       ///< "libtorch", "opencv_dnn"
  std::string version;    ///< of the library
  std::string device;     ///< "cpu", "cuda:0"
  std::string note = {};  ///< what a user should know of it; "" where there is nothing
};

/// Nanoseconds of the stages of one iteration, in their order; each ends when its result is there. 0: the
/// stage does not exist (images that the network reads where they lie need no copy).
struct StageTimes {
  std::int64_t to_device = 0;               ///< images to the device
  std::int64_t forward = 0;                 ///< images to logits
  std::optional<std::int64_t> argmax = {};  ///< logits to labels; empty where the engine gives logits alone
  std::int64_t to_host = 0;                 ///< labels to the host
};

/// Nanoseconds of one layer in one forward pass.
struct LayerTime {
  std::string name;  ///< of the graph's node that it ends with
  std::int64_t ns = 0;
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
  /// The times of so many iterations on these images, one after the other; their conversion to what the
  /// engine reads is not timed. Throws as run() does.
  virtual std::vector<StageTimes> measure(const Maps& images, std::int64_t iterations) = 0;
  /// What each layer took in one forward pass, in order; empty where the engine cannot tell.
  virtual std::vector<LayerTime> time_layers(const Maps& /*images*/) { return {}; }
  /// The most memory of a device of its own that it has had; 0 on a CPU.
  virtual std::int64_t device_peak_bytes() const { return 0; }
};

}  // namespace segbench::architectures
