// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include "harness/losses/class_mean.h"
#include "harness/losses/loss.h"

namespace segbench::losses {

/// The Lovász extension of the Jaccard loss (Berman, Rannen Triki and Blaschko, CVPR 2018, algorithm 1):
/// `errors` and `truth` (whether a pixel is of the class) are [..., P]; returns [...] float64. With the
/// errors sorted from the largest, each positive one counts by how much the Jaccard loss grows when its pixel
/// is wrong too. A pixel whose error is not positive has no say.
torch::Tensor lovasz_extension(const torch::Tensor& errors, const torch::Tensor& truth);

/// The mean over classes of the Lovász extensions of `errors`: of each image, or (over = "batch") of all
/// pixels of a batch together. The latter is no function of sums over images: a batch is trained on as a
/// whole, but a split is evaluated image by image.
class LovaszLoss : public Loss {
 public:
  LovaszLoss(const core::Json& params, const LossOptions& options)
      : is_joint_(params.at("over") == "batch"), fused_(options.fused), classes_(params, options) {}

  torch::Tensor image_sums(const torch::Tensor& logits, const torch::Tensor& labels) const override;
  torch::Tensor mean(const torch::Tensor& logits, const torch::Tensor& labels) const override;

 protected:
  /// The error of each pixel for each class, [N, classes, H, W]; void logits are 0, what becomes of them is
  /// of no account.
  virtual torch::Tensor errors(const torch::Tensor& logits, const torch::Tensor& truth) const = 0;

 private:
  /// [groups, 2] rows of a mean over images, or of one group of all.
  torch::Tensor rows(const torch::Tensor& logits, const torch::Tensor& labels, bool is_joint) const;

  bool is_joint_, fused_;
  ClassMean classes_;
};

}  // namespace segbench::losses
