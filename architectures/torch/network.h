// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "architectures/graph/engine.h"
#include "architectures/graph/graph.h"
#include "architectures/graph/weights.h"
#include "architectures/networks/network.h"

namespace segbench::architectures {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// A network that LibTorch runs: executes the plan of its graph op by op, for training too.
class Network : public torch::nn::Module, public Engine {
 public:
  EngineReport report() const final;
  /// On the device of its weights, in evaluation mode whatever mode it is in.
  Maps run(const Maps& images) final;

  /// x [N, in_channels, H, W] float; returns logits [N, num_outputs, H, W] (no softmax or sigmoid).
  virtual torch::Tensor forward(const torch::Tensor& x) = 0;
  /// True when training draws random numbers in forward (dropout, stochastic depth).
  virtual bool is_stochastic() const = 0;

  /// From here on forward() lets the batch normalisations, but the frozen ones, use the statistics of the
  /// batch in evaluation mode too, leaves their moving statistics as they are, and adds up what it sees.
  /// Throws core::UserError when the network is read from a file: its layers are not ours.
  virtual void begin_statistics();
  /// Ends that; `apply`: the moving statistics become those of all batches since
  /// (train/precise_statistics.h).
  virtual void end_statistics(bool apply);
};

/// Weights are initialised as the architecture defines them, each tensor from its own stream
/// (seed, Purpose::kWeights, 0, stream_index(name)): the same seed gives the same weights on any machine.
/// Parameters that `options.freeze` names need no gradient.
std::shared_ptr<Network> make_network(const NetworkOptions& options, std::uint64_t seed);

/// The same of any graph, for images of any size that it takes: forward gives what its last node gives.
std::shared_ptr<Network> make_network(const Graph& graph, std::uint64_t seed);

/// LibTorch as the engine of a trained network, on the CPU. Throws core::UserError for a tensor that is
/// missing or of another size.
std::shared_ptr<Engine> make_engine(const Graph& graph, const Weights& weights);

/// Parameters (frozen ones too) first, then buffers, each in definition order, by their dotted names.
NamedTensors named_tensors(const Network& network);

/// Stores the convolutions' weights in this format, so that images [N, C, H, W] of the same format stay so
/// throughout.
void use_memory_format(Network& network, torch::MemoryFormat format);

}  // namespace segbench::architectures
