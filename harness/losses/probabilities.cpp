// SPDX-License-Identifier: MIT
#include "harness/losses/probabilities.h"

#include <ATen/core/Reduction.h>

#include <vector>

namespace segbench::losses {

using torch::Tensor;

Tensor class_probabilities(const Tensor& logits, std::int64_t dim, bool per_class) {
  if (per_class) return torch::sigmoid(logits);
  if (logits.size(dim) > 1) return torch::softmax(logits, dim);
  return torch::cat({torch::sigmoid(-logits), torch::sigmoid(logits)}, dim);
}

Tensor one_hot(const Tensor& labels, std::int64_t classes, std::int64_t dim) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(labels.dim()) + 1, 1);
  shape[static_cast<std::size_t>(dim)] = classes;
  const Tensor each = torch::arange(classes, torch::TensorOptions(torch::kLong).device(labels.device()));
  return labels.unsqueeze(dim) == each.view(shape);
}

Tensor of_class(const Tensor& rows, const Tensor& labels) {
  return -at::nll_loss(rows, labels, {}, at::Reduction::None);
}

}  // namespace segbench::losses
