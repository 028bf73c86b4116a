// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "architectures/graph/graph.h"
#include "harness/core/part.h"

namespace segbench::architectures {

/// What an encoder's build function works with.
struct EncoderBuild {
  Layers net;              ///< the place for its layers: "encoder" of the network
  double width = 1.0;      ///< multiplies every channel number, rounded, at least 1
  int output_stride = 32;  ///< 8, 16 or 32: from here on dilation replaces stride
  double drop_path = 0;    ///< rate of stochastic depth at the last block

  /// A hidden channel number times the width: rounded, at least 1.
  std::int64_t channels(std::int64_t at_width_one) const;
};

/// The maps that a decoder works on, from fine to coarse: maps[0] at 1/2 of the input's height and width,
/// maps[1] at 1/4, … maps[4] at 1/32. With an output stride of 16 or 8 the maps beyond it stay at 1/16 or
/// 1/8. maps[0] is missing (exists() is false) where an encoder starts at 1/4, as transformers do; `full`, at
/// the image's size, where an encoder makes no such map, as most don't.
struct Features {
  std::vector<Value> maps;
  Value full = {};
  Value last() const { return maps.back(); }
};

/// False for a map that an encoder does not have.
inline bool exists(Value map) {
  return map.node >= 0;
}

/// An encoder: a classifier of images without its head. Its layers have the names that torchvision gives
/// them, below "encoder.", so that a torchvision state_dict loads by name.
struct Encoder {
  std::string name;     ///< "resnet50"
  std::string summary;  ///< one line
  std::string source;   ///< the paper
  /// x is the image, its height and width multiples of 32 unless the architecture takes any size.
  std::function<Features(const EncoderBuild& build, Value x)> build;
  double drop_path = 0;   ///< its own rate of stochastic depth; 0: it has no blocks that could be left out
  bool dilatable = true;  ///< false: output strides other than 32 are refused
};

/// Registers an encoder at program start, also as core::PartKind::kEncoder:
/// `const EncoderRegistration resnet50{{.name = …}};` in an anonymous namespace.
struct EncoderRegistration {
  explicit EncoderRegistration(Encoder encoder);
};

/// Throws core::UserError that lists what is allowed.
const Encoder& encoder(std::string_view name);
/// Sorted by name.
std::vector<std::string> encoder_names();

/// An encoder alone.
struct EncoderGraph {
  Graph graph;
  Features features;
};

/// As it stands in a network, without stochastic depth, for an image of this shape.
EncoderGraph encoder_graph(std::string_view name, const Shape& image, double width = 1,
                           int output_stride = 32);

/// "encoder" (with a default, or Json() where the architecture has a plain encoder of its own),
/// "output_stride" (8, 16 or 32), "encoder_drop_path" (the rate of stochastic depth), and `more`: the
/// parameters of an architecture that stands on any encoder.
std::vector<core::ParamSpec> encoder_params(const core::Json& default_encoder, int default_output_stride,
                                            const std::vector<core::ParamSpec>& more = {});
/// True when resolved parameters choose one.
bool has_encoder(const core::Json& params);
/// What is wrong with an architecture's resolved parameters as far as they speak of its encoder.
std::vector<core::PartProblem> encoder_problems(const core::PartSpec& architecture, const core::Json& params);

}  // namespace segbench::architectures
