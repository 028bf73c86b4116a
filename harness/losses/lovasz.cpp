// SPDX-License-Identifier: MIT
#include "harness/losses/lovasz.h"

#include <tuple>

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

}  // namespace segbench::losses
