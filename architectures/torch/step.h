// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "architectures/graph/graph.h"

namespace segbench::architectures {

/// What a batch normalisation has seen since Network::begin_statistics(): over n values of each channel, sums
/// of n m and n (v + m^2) with the mean m and the variance v of each batch.
struct BatchNormSums {
  torch::Tensor mean, square;  ///< [C] float64; undefined before the first batch
  double count = 0;

  void add(const torch::Tensor& x);
};

/// One operation, ready to run: everything is looked up when the network is made, nothing in forward.
struct Step {
  Op op;
  std::vector<int> inputs = {};             ///< indices of values
  int output = 0;                           ///< index of a value
  std::vector<int> release = {};            ///< values that nobody reads after this step
  std::vector<torch::Tensor> tensors = {};  ///< as tensors_of() orders them; handles that follow Module::to()
  const torch::nn::Module* module = nullptr;  ///< whose mode (training or not) counts
  int zero_padding = 0;                       ///< of a valid convolution: a ZeroPad before it, taken over
  bool in_place = false;                      ///< may overwrite inputs[0]
  std::shared_ptr<BatchNormSums> sums = {};   ///< set while a batch normalisation collects statistics
  bool is_frozen = false;  ///< a batch normalisation that never uses the batch's statistics
};

/// The steps of a graph in order, without their tensors and modules. Zero padding that only feeds a
/// convolution becomes a part of it, and steps that may overwrite their input without autograd noticing do.
std::vector<Step> plan_steps(const Graph& graph);

/// The output of one step. `values` are indexed by Step::inputs. Keeps the memory format of its input.
torch::Tensor run_step(const Step& step, const std::vector<torch::Tensor>& values);

}  // namespace segbench::architectures
