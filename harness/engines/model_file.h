// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"
#include "architectures/networks/network.h"
#include "harness/core/safetensors.h"

// A network of ours as a file for our own engines: safetensors, whose metadata say what it is built from.

namespace segbench::engines {

void write_model_file(const std::filesystem::path& file, const architectures::NetworkOptions& network,
                      const architectures::Graph& graph, const architectures::Weights& weights);

/// Such a file, open: its weights lie in the file, which stays mapped while this lives.
class ModelFile {
 public:
  /// Throws core::UserError naming the file when it is none.
  explicit ModelFile(const std::filesystem::path& file);
  const architectures::NetworkOptions& network() const { return network_; }
  const architectures::Weights& weights() const { return weights_; }

 private:
  core::SafetensorsFile file_;
  architectures::NetworkOptions network_;
  architectures::Weights weights_;
};

core::Json to_json(const architectures::NetworkOptions& network);
architectures::NetworkOptions network_options_from_json(const core::Json& json);

}  // namespace segbench::engines
