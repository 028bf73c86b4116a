// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "architectures/torch/network.h"
#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::train {

/// An engine on real images beside eager.
struct TriedEngine {
  std::string name;
  double error = 0;  ///< largest difference of a logit, as a fraction of the largest (or of 1)
  std::optional<double> seconds = {};  ///< median of a batch; empty where it was not timed
  std::string problem = {};            ///< why it cannot be used; "" where it can
  std::int64_t labels_differ = 0;      ///< pixels whose class is another one than eager's
};

/// A further way to execute a network, which somebody else provides.
struct Guest {
  std::string name;
  std::shared_ptr<architectures::Network> network;
};

/// By what a network is executed in evaluations.
struct EngineChoice {
  std::shared_ptr<architectures::Network> network;  ///< that predicts in the place of the trained one
  std::string engine;
  double error = 0;
  std::vector<TriedEngine> tried = {};
  std::int64_t labels_differ = 0, pixels = 0;  ///< pixels of the images whose class is another one; all
};

/// As evaluation.engine says: itself, or executed otherwise with its weights as they are now. `images`
/// [N, C, H, W] are a batch of those that it will see, on their device. "auto" takes the engine with the
/// lowest median time of those whose error is inside engine_max_error (interleaved, at most about ten
/// seconds); eager always is. Throws core::UserError when an engine that was named is wrong or cannot
/// execute the network. `guests` stand beside LibTorch's engines, and may be named, too.
EngineChoice choose_engine(const std::shared_ptr<architectures::Network>& network,
                           const core::EvaluationConfig& config, const torch::Tensor& images,
                           const std::vector<Guest>& guests = {});

/// For the event "engine" of one or several networks: {"engines", "errors", "timing": {"tried": […]}}.
core::Json to_json(const std::vector<EngineChoice>& choices);

}  // namespace segbench::train
