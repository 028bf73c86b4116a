// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// An ONNX model as plain data (https://github.com/onnx/onnx, onnx.proto; IR version 7, operator set 13), and
// its file.

namespace segbench::architectures::onnx {

using Attribute = std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>>;

/// One call of an operator.
struct Call {
  std::string op;    ///< "Conv", "Relu", …
  std::string name;  ///< of the layer that it belongs to
  std::vector<std::string> inputs, outputs;
  std::vector<std::pair<std::string, Attribute>> attributes = {};
};

/// A constant, in C order. Its values lie in `floats` or `integers`, or stay where they are: `view`.
struct Constant {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> floats = {};
  std::vector<std::int64_t> integers = {};
  std::span<const std::byte> view = {};
  std::span<const std::byte> bytes() const;
};

/// The input or the output: float32 [N, channels, height, width].
struct Port {
  std::string name;
  std::int64_t batch = 0;  ///< 0: any, called "batch"
  std::int64_t channels = 0, height = 0, width = 0;
};

struct Model {
  std::string name;
  Port input, output;
  std::vector<Call> calls;
  std::vector<Constant> constants;
  std::map<std::string, std::string> metadata;
};

/// Written atomically, constants piece by piece. Throws core::UserError for a model beyond the 2 GiB that
/// Protocol Buffers allow.
void write_model(const std::filesystem::path& file, const Model& model);

}  // namespace segbench::architectures::onnx
