// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/json.h"

// The engine protocol (docs/engine-protocol.md): how `segbench profile` talks to a program that executes
// networks. Requests are JSON objects, one a line, on its standard input; each is answered by one line on its
// standard output, {"ok": true, …} or {"ok": false, "error": "why"}.

namespace segbench::engines {

inline constexpr int kProtocolVersion = 1;

/// The files that a network comes in.
namespace formats {
inline constexpr const char* kSegbench = "segbench";        ///< model_file.h
inline constexpr const char* kOnnx = "onnx";                ///< architectures/onnx/writer.h
inline constexpr const char* kPython = "python";            ///< architectures/script/source.h
inline constexpr const char* kTorchScript = "torchscript";  ///< a module that torch.jit.save wrote
}  // namespace formats

/// What an engine says of itself.
struct Description {
  std::string name, version;
  std::vector<std::string> reads;                            ///< formats
  std::vector<std::string> devices = {"cpu"};                ///< "cpu", "cuda"
  std::vector<std::string> precisions = {"float32"};         ///< "float32", "bfloat16", "float16", "int8"
  std::vector<std::string> memory_formats = {"contiguous"};  ///< "contiguous", "channels_last"
};

core::Json to_json(const Description& description);
/// Throws core::UserError for what is no description.
Description description_from_json(const core::Json& json);

/// What an engine is asked to load: a file, and images of one size for it.
struct LoadRequest {
  std::string model, format, device = "cpu", precision = "float32", memory_format = "contiguous";
  int threads = 1;
  std::int64_t batch = 1, channels = 3, height = 0, width = 0;
  std::int64_t outputs = 0;      ///< channels of the logits; 0: not known
  std::string calibration = {};  ///< of int8: a file of images as they will come, float32
};

core::Json to_json(const LoadRequest& request);
LoadRequest load_request_from_json(const core::Json& json);

}  // namespace segbench::engines
