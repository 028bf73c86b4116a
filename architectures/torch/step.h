// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "architectures/graph/plan.h"
#include "architectures/torch/reducer.h"

namespace segbench::architectures {

/// What a batch normalisation has seen since Network::begin_statistics(): over n values of each channel, sums
/// of n m and n (v + m^2) with the mean m and the variance v of each batch.
struct BatchNormSums {
  torch::Tensor mean, square;  ///< [C] float64; undefined before the first batch
  double count = 0;

  void add(const torch::Tensor& x);
};

/// A step of a plan, ready to run: everything is looked up when the network is made, nothing in forward.
struct Step {
  Op op;
  PlannedStep plan = {};
  std::vector<torch::Tensor> tensors = {};  ///< as tensors_of() orders them; handles that follow Module::to()
  const torch::nn::Module* module = nullptr;  ///< whose mode (training or not) counts
  std::shared_ptr<BatchNormSums> sums = {};   ///< set while a batch normalisation collects statistics
  Reducer* reducer = nullptr;  ///< of a batch normalisation's statistics in training; null: this batch alone
  bool is_frozen = false;      ///< a batch normalisation that never uses the batch's statistics
};

/// The output of one step. `values` are indexed by PlannedStep::inputs; nothing may be fused into
/// the step. Keeps the memory format of its input.
torch::Tensor run_step(const Step& step, const std::vector<torch::Tensor>& values);

}  // namespace segbench::architectures
