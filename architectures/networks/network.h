// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::architectures {

/// What a network is built from.
struct NetworkOptions {
  std::string architecture;   ///< a core::PartKind::kArchitecture
  std::string size = "full";  ///< small | medium | full | published
  double width = 1.0;         ///< multiplies every channel number but input and output; rounded, at least 1
  int in_channels = 3;
  int num_outputs = 21;                       ///< channels of the logits
  int image_height = 128, image_width = 128;  ///< pixels
  core::Json params =
      core::Json::object();     ///< the architecture's own parameters; absent ones take their default
  core::Json freeze = nullptr;  ///< what training leaves as it is: freeze.h
  std::optional<core::FileChoice> file = {};  ///< of an architecture that is read from a file: torchscript
};

NetworkOptions network_options(const core::ModelConfig& model, int in_channels, int num_outputs,
                               int image_height, int image_width);

/// One layer, as Keras and the papers count it.
struct LayerRow {
  std::string name;
  std::string kind;                            ///< "conv", "batch_norm", "max_pool", …
  std::array<std::int64_t, 3> output_shape{};  ///< {height, width, channels} for one image
  std::int64_t trainable = 0;                  ///< parameters
  std::int64_t non_trainable = 0;  ///< parameters: frozen ones, moving statistics of batch normalisation
  std::int64_t macs = 0;           ///< multiply-accumulates for one image; bias excluded
  std::string init = "";  ///< how its weight starts: "glorot_uniform", "he_normal", "ones", …; "" without
};

struct NetworkSummary {
  std::vector<LayerRow> layers;
  std::int64_t trainable = 0, non_trainable = 0, macs = 0;
  std::int64_t activation_values = 0;  ///< values of all layer outputs for one image: what training keeps
  std::int64_t peak_values = 0;        ///< largest number of values alive at once when evaluating one image
  int stride = 1;  ///< the smallest side of an image; others are padded to a multiple of it where needed
  std::int64_t parameters() const { return trainable + non_trainable; }
};

/// Builds the network symbolically, without LibTorch. Throws core::UserError for an unknown architecture or
/// size, for parameters and layers to freeze that it does not have, and for an input that is too small.
NetworkSummary summarise(const NetworkOptions& options);

/// The same of any graph, whose stride stays 1.
class Graph;
NetworkSummary summarise(const Graph& graph);

/// Whether an architecture has no layers of its own but is read from NetworkOptions::file; then summarise()
/// throws.
bool is_read_from_file(const std::string& architecture);

/// Sizes that an architecture has, in ascending order ("small", "medium", "full", and "published" where it
/// exists); none when it is read from a file.
std::vector<std::string> sizes_of(const std::string& architecture);

}  // namespace segbench::architectures
