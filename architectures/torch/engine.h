// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>

#include "architectures/graph/engine.h"
#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"
#include "architectures/torch/network.h"

namespace segbench::architectures {

/// How LibTorch executes a network.
enum class Execution {
  kEager,  ///< step by step, as in training
  kPlan,   ///< batch normalisations folded into convolutions, activations in place behind them
  kScript  ///< as TorchScript, frozen and optimised for inference
};

struct EngineOptions {
  Execution execution = Execution::kEager;
  torch::Device device = torch::kCPU;
  torch::ScalarType precision = torch::kFloat;  ///< of weights and maps; kBFloat16, kHalf
  torch::MemoryFormat memory_format = torch::MemoryFormat::Contiguous;
};

/// LibTorch as the engine of a trained network. Throws core::UserError for a tensor that is missing or of
/// another size.
std::unique_ptr<Engine> make_engine(const Graph& graph, const Weights& weights,
                                    const EngineOptions& options = {});

/// The same of any network, which is moved to the device and kept in evaluation mode.
std::unique_ptr<Engine> make_engine(std::shared_ptr<Network> network, const EngineOptions& options);

/// A trained network for evaluation alone, executed in this way: itself where that is eager, else another one
/// with its weights as they are now, on their device. Throws core::UserError where its layers are not known
/// (a network that is read from a file).
std::shared_ptr<Network> executed_as(const std::shared_ptr<Network>& network, const EngineOptions& options);

/// "eager", "plan", "torchscript".
std::string name_of(Execution execution);
/// Throws core::UserError for any other name.
Execution execution_of(const std::string& name);

/// A network for evaluation alone that executes the fused plan of the graph (PlanOptions::fuse): other
/// numbers than make_network()'s in the last bits.
std::shared_ptr<Network> make_fused_network(const Graph& graph, const Weights& weights);

/// The graph as TorchScript (architectures/script/source.h) at its own image size, frozen and optimised:
/// batch normalisations are folded, and what LibTorch knows to fuse is fused. Frozen only, with a note, where
/// the optimised code does not give the frozen code's numbers (LibTorch 1.13 on some networks).
std::shared_ptr<Network> make_script_network(const Graph& graph, const Weights& weights,
                                             const EngineOptions& options);

}  // namespace segbench::architectures
