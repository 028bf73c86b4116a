// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "harness/core/background.h"
#include "harness/core/factory.h"
#include "harness/core/variant.h"

namespace segbench::losses {

/// What a loss is built for.
struct LossOptions {
  int num_classes = 0;
  bool fused = true;  ///< take the fused pass on the CPU where there is one; false: tensor operations
  core::Background background = core::kFirstClass;  ///< class that losses may leave out
};

/// A training loss. Logits are [N, C, H, W] floating point (C = num_classes, or 1 for a sigmoid head),
/// preferably channels-last; labels are [N, H, W] uint8 on the same device, core::kVoidLabel where nothing
/// counts.
///
/// Every loss is a function of sums: each image adds a row of K numbers, rows add up over the images of a
/// batch, of a split, or of several devices, and value() says the loss of such a sum. What K numbers these
/// are makes its kind:
///
/// - a mean over pixels: a numerator and a denominator, whose ratio it is (pixel_loss.h);
/// - a mean over images: the losses of the images that have something to count, and how many these are;
/// - a loss of a whole batch: what its formula sums over pixels, class by class (region_loss.h). Over a split
///   the sums run over all of the split, as if it were one batch.
///
/// So a split's loss does not depend on the size of the batches that it is evaluated in, up to rounding. (A
/// loss that has the trait "sums" = false trains on another one than value() says: lovasz.h.)
class Loss {
 public:
  virtual ~Loss() = default;

  /// [N, K] float64: what every image adds. The last number says how much of the image counts: 0 where
  /// nothing does. Differentiable where gradients are enabled and the logits want one.
  virtual torch::Tensor image_sums(const torch::Tensor& logits, const torch::Tensor& labels) const = 0;

  /// K.
  virtual std::int64_t row_size() const { return 2; }
  /// The loss that a sum of such rows, [K], says: a float64 scalar. Exactly 0, with zero gradients, where
  /// nothing counts; over a split the loss is undefined then. Of most losses the first number over the last.
  virtual torch::Tensor value(const torch::Tensor& sums) const;

  /// The values of the losses that it is a sum of, without their weights; of all others empty.
  virtual std::vector<double> term_values(const torch::Tensor& sums) const;

  /// The loss of a batch: value() of the sum of its rows, perhaps by a faster way.
  virtual torch::Tensor mean(const torch::Tensor& logits, const torch::Tensor& labels) const;
};

using LossFactory = core::Factory<Loss, core::Json, LossOptions>;

// The head that a loss is made for is its trait "head": "softmax" (num_classes logits) or "sigmoid" (one
// logit), see core::traits_of().

/// The weight of each class that a part's parameter "class_weights" lists; all 1 where it is "none" or there
/// is no such parameter.
std::vector<double> class_weights(const core::Json& params, int num_classes);

/// Builds a loss; absent parameters take their default. Class weights, also those of terms, are "none" or
/// listed: conventions need the training labels (train::settle_class_weights()). Throws core::UserError for
/// an unknown name, and when a sigmoid head is asked for more than two classes.
std::unique_ptr<Loss> make_loss(const core::PartChoice& choice, const LossOptions& options);

}  // namespace segbench::losses
