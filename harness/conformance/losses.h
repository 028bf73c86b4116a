// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/losses/loss.h"

namespace segbench::conformance {

struct Batch {
  torch::Tensor logits, labels;
};

/// 3 images of 61 x 70, so that blocks of a fused pass end within an image; every class and void occur.
/// Always the same, in any type.
Batch random_batch(int channels, int num_classes, torch::ScalarType type = torch::kDouble);

/// Of the loss of a batch, by its logits.
torch::Tensor gradient_of(const losses::Loss& loss, const torch::Tensor& logits, const torch::Tensor& labels);

/// A loss with its settings, and what it is made for.
struct LossCase {
  core::PartChoice choice;
  int channels, classes;
  core::Json traits;

  std::string name() const { return choice.name + choice.params.dump() + std::to_string(classes); }
  bool is(const char* trait, const core::Json& value) const { return traits.at(trait) == value; }
  std::unique_ptr<losses::Loss> make(const std::vector<double>& weights = {}, bool fused = true) const;
  std::vector<double> some_weights() const;
  Batch batch(torch::ScalarType type = torch::kDouble) const { return random_batch(channels, classes, type); }
};

/// Every registered loss with each value of each choice and flag that it has, the others at their default,
/// and with each head that it takes, for two classes and for five.
std::vector<LossCase> every_loss();

}  // namespace segbench::conformance
