// SPDX-License-Identifier: MIT
#include "harness/losses/softmax_binary.h"

#include "harness/losses/probabilities.h"

namespace segbench::losses {

using torch::Tensor;

Tensor SoftmaxBinary::values(const Tensor& rows, const Tensor& labels) const {
  const Tensor y = one_hot(labels, rows.size(1), 1);
  const double clip = kernel_.clip;
  if (clip > 0) {
    const Tensor p = torch::softmax(rows, 1).clamp(clip, 1 - clip);
    return -(torch::where(y, p, 1 - p) + clip).log().mean(1);
  }
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const Tensor is_top = one_hot(rows.argmax(1), rows.size(1), 1);
  const Tensor of_top =
      (rows.masked_fill(is_top, kNever).logsumexp(1) - rows.logsumexp(1)).unsqueeze(1).expand_as(rows);
  const Tensor of_rest = torch::log1p(-torch::softmax(rows, 1).masked_fill(is_top, 0));
  return -torch::where(y, torch::log_softmax(rows, 1), torch::where(is_top, of_top, of_rest)).mean(1);
}

}  // namespace segbench::losses
