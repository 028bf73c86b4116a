// SPDX-License-Identifier: MIT
#include "harness/losses/lovasz.h"

#include <tuple>

#include "harness/core/counts.h"
#include "harness/losses/fused_lovasz.h"
#include "harness/losses/probabilities.h"

namespace segbench::losses {

using torch::Tensor;

Tensor lovasz_extension(const Tensor& errors, const Tensor& truth) {
  const auto [sorted, order] = errors.to(torch::kDouble).sort(/*stable=*/true, -1, /*descending=*/true);
  Tensor growth;
  {
    const torch::NoGradGuard no_grad;
    // Sums of integers: exact in any order.
    const Tensor is_class = truth.to(torch::kLong).gather(-1, order);
    const Tensor pixels = is_class.sum(-1, /*keepdim=*/true);
    const Tensor intersection = pixels - is_class.cumsum(-1), joint = pixels + (1 - is_class).cumsum(-1);
    const Tensor loss = 1 - intersection.to(torch::kDouble) / joint.to(torch::kDouble);
    growth = torch::cat({loss.narrow(-1, 0, 1),
                         loss.narrow(-1, 1, loss.size(-1) - 1) - loss.narrow(-1, 0, loss.size(-1) - 1)},
                        -1);
  }
  return (torch::relu(sorted) * growth).sum(-1);
}

Tensor LovaszLoss::rows(const Tensor& logits, const Tensor& labels, bool is_joint) const {
  const Tensor is_void = (labels == core::kVoidLabel).unsqueeze(1);
  const Tensor truth = one_hot(labels, classes_.num_classes(), 1);
  const Tensor each = errors(logits.masked_fill(is_void, 0), truth).masked_fill(is_void, 0);
  const auto by_group = [&](const Tensor& maps) {  // [groups, classes, P]
    return is_joint ? maps.transpose(0, 1).flatten(1).unsqueeze(0) : maps.flatten(2);
  };
  const Tensor pixels = by_group(truth).sum(-1).to(torch::kDouble);
  const bool is_real = each.scalar_type() == torch::kFloat || each.scalar_type() == torch::kDouble;
  const bool is_fused = fused_ && each.device().is_cpu() && is_real;
  const Tensor losses = is_fused ? fused_lovasz_extension(by_group(each), by_group(truth))
                                 : lovasz_extension(by_group(each), by_group(truth));
  return rows_of_images(classes_.over(losses, pixels), classes_.counted(pixels));
}

Tensor LovaszLoss::image_sums(const Tensor& logits, const Tensor& labels) const {
  return rows(logits, labels, /*is_joint=*/false);
}

Tensor LovaszLoss::mean(const Tensor& logits, const Tensor& labels) const {
  return value(rows(logits, labels, is_joint_).sum(0));
}

}  // namespace segbench::losses
