// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "harness/core/factory.h"
#include "harness/core/variant.h"

namespace segbench::losses {

/// What a loss is built for.
struct LossOptions {
  int num_classes = 0;
  std::vector<double> class_weights;  ///< one a class; empty: every pixel weighs the same
  bool fused = true;  ///< take the fused pass on the CPU where there is one; false: tensor operations
};

/// A training loss. Logits are [N, C, H, W] floating point (C = num_classes, or 1 for a sigmoid head),
/// preferably channels-last; labels are [N, H, W] uint8 on the same device, core::kVoidLabel where nothing
/// counts.
class Loss {
 public:
  virtual ~Loss() = default;

  /// Mean over the batch: a differentiable float64 scalar. Exactly 0 with zero gradients when nothing counts.
  virtual torch::Tensor mean(const torch::Tensor& logits, const torch::Tensor& labels) const = 0;

  /// [N, 2] float64: what every image adds to the numerator and the denominator of the mean. A split's loss
  /// is the ratio of the two sums, so it does not depend on the batch size. No gradient.
  virtual torch::Tensor image_sums(const torch::Tensor& logits, const torch::Tensor& labels) const = 0;
};

using LossFactory = core::Factory<Loss, core::Json, LossOptions>;

/// "softmax" (num_classes logits) or "sigmoid" (one logit): the head that a loss is made for.
std::string head_of(const std::string& loss_name);

/// Builds the loss of a resolved variant; absent parameters take their default. Throws core::UserError for an
/// unknown name, and when a sigmoid head is asked for more than two classes.
std::unique_ptr<Loss> make_loss(const core::PartChoice& choice, const LossOptions& options);

}  // namespace segbench::losses
