// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include "harness/losses/loss.h"

namespace segbench::losses {

/// The weighted mean of the losses of the classes that are looked at,
///
///   sum_c w_c l_c / sum_c w_c,
///
/// of losses that have one for each class: w_c are the class weights, 0 for a background that is left out and
/// (classes = "present") where a class has no pixel. See class_mean_params().
class ClassMean {
 public:
  ClassMean(const core::Json& params, const LossOptions& options);

  std::int64_t num_classes() const { return weights_.size(0); }
  /// losses and truth (pixels of each class) [..., classes]; returns [...], 0 where no class is looked at.
  torch::Tensor over(const torch::Tensor& losses, const torch::Tensor& truth) const;
  /// Valid pixels that the mean can say something of, [...]: all, or with classes = "present" those of
  /// classes that are looked at. 0 where it says nothing.
  torch::Tensor counted(const torch::Tensor& truth) const;

 private:
  const torch::Tensor& weights_on(torch::Device device) const;
  torch::Tensor weights_at(const torch::Tensor& truth) const;

  bool present_only_;
  torch::Tensor weights_;                 ///< [classes] float64, on the CPU
  mutable torch::Tensor device_weights_;  ///< the same on a device, copied there once
};

/// The rows of a mean over images (Loss::image_sums()), [N, 2]: the loss of each image, [N], and 1, or zeros
/// where nothing of it is `counted`, [N]. Loss::value() of their sum is the mean.
torch::Tensor rows_of_images(const torch::Tensor& losses, const torch::Tensor& counted);

}  // namespace segbench::losses
