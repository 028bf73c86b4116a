// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "architectures/graph/graph.h"
#include "architectures/networks/network.h"
#include "architectures/torch/reducer.h"

namespace segbench::architectures {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// A network that LibTorch runs: executes the plan of its graph op by op, for training too.
class Network : public torch::nn::Module {
 public:
  /// x [N, in_channels, H, W] float; returns logits [N, num_outputs, H, W] (no softmax or sigmoid).
  virtual torch::Tensor forward(const torch::Tensor& x) = 0;
  /// True when training draws random numbers in forward (dropout, stochastic depth).
  virtual bool is_stochastic() const = 0;
  /// forward(), with `done` called after every layer with its name. Does nothing where layers are not known.
  virtual void forward_by_layer(const torch::Tensor& /*x*/,
                                const std::function<void(const std::string&)>& /*done*/) {}
  /// What it executes; null where its layers are not known.
  virtual const Graph* graph() const { return nullptr; }
  /// What a user should know of how it is executed; "" where there is nothing.
  virtual std::string note() const { return ""; }

  /// From here on forward() lets the batch normalisations, but the frozen ones, use the statistics of the
  /// batch in evaluation mode too, leaves their moving statistics as they are, and adds up what it sees.
  /// Throws core::UserError when the network is read from a file: its layers are not ours.
  virtual void begin_statistics();
  /// Ends that; `apply`: the moving statistics become those of all batches since
  /// (train/precise_statistics.h).
  virtual void end_statistics(bool apply);

  /// From here on the batch normalisations, but the frozen ones, use in training mode the statistics of the
  /// batches of all processes (synchronised_norm.h); null ends that. Throws core::UserError when the network
  /// is read from a file.
  virtual void reduce_statistics_by(Reducer* reducer);

  /// From here on forward() computes convolutions and products of matrices in this type, and gives float32
  /// (autocast: weights, sums and normalisations stay float32).
  void compute_in(torch::ScalarType type) { type_ = type; }
  torch::ScalarType computes_in() const { return type_; }

 protected:
  /// What `forward` gives, computed as compute_in() says.
  torch::Tensor computed(torch::Device device, const std::function<torch::Tensor()>& forward) const;

 private:
  torch::ScalarType type_ = torch::kFloat;
};

/// Weights are initialised as the architecture defines them, each tensor from its own stream
/// (seed, Purpose::kWeights, 0, stream_index(name)): the same seed gives the same weights on any machine.
/// Parameters that `options.freeze` names need no gradient.
std::shared_ptr<Network> make_network(const NetworkOptions& options, std::uint64_t seed);

/// The same of any graph, for images of any size that it takes: forward gives what its last node gives.
std::shared_ptr<Network> make_network(const Graph& graph, std::uint64_t seed);

/// Parameters (frozen ones too) first, then buffers, each in definition order, by their dotted names.
NamedTensors named_tensors(const Network& network);

/// Stores the convolutions' weights in this format, so that images [N, C, H, W] of the same format stay so
/// throughout.
void use_memory_format(Network& network, torch::MemoryFormat format);

}  // namespace segbench::architectures
