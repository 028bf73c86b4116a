// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"
#include "architectures/onnx/model.h"

namespace segbench::architectures::onnx {

struct Options {
  std::int64_t batch = 0;  ///< images at once; 0: any number
  bool fold = true;        ///< batch normalisations into the convolutions before them (PlanOptions::fuse)
  std::string name = "network";
  std::map<std::string, std::string> metadata = {};  ///< for whoever reads the file
};

/// A network in evaluation: input "image", float32 [N, channels, height, width] of normalised pixels at the
/// size the graph was built for; output "logits", float32 [N, outputs, height, width]. Refers to the weights,
/// which must outlive it. Throws core::UserError for a tensor that is missing or of another size.
Model onnx_model(const Graph& graph, const Weights& weights, const Options& options = {});

}  // namespace segbench::architectures::onnx
