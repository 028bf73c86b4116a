// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::losses {

/// What a loss of regions sums over the valid pixels of an image (or, added up, of a batch) for every class,
/// each [..., classes] float64. With y = 1 at pixels of the class and 0 elsewhere, and its probability p:
struct RegionSums {
  torch::Tensor hits;       ///< sum of y p
  torch::Tensor predicted;  ///< sum of p, or of p^2
  torch::Tensor truth;      ///< sum of y, which is that of y^2
};

/// The sums of each image, [N, classes]: logits [N, C, H, W], labels [N, H, W] uint8 as for Loss. One logit
/// stands for two classes. Differentiable; the gradient of void pixels is exactly 0, whatever their logits
/// are. `squared`: predicted is the sum of p^2. `fused`: on the CPU, one pass over the logits each way
/// instead of tensor operations. `per_class`: of the sigmoid of each logit alone.
RegionSums region_sums(const torch::Tensor& logits, const torch::Tensor& labels, bool squared, bool fused,
                       bool per_class = false);

}  // namespace segbench::losses
