// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::losses {

/// The probability of each class from logits whose classes are dimension `dim`: their softmax, or 1 - p and p
/// with p = sigmoid(z) where there is one logit alone. Two classes then, like a softmax of (0, z). Small
/// probabilities are not rounded away.
///
/// `per_class`: the sigmoid of each class alone, which do not add up to 1.
torch::Tensor class_probabilities(const torch::Tensor& logits, std::int64_t dim, bool per_class = false);

/// Whether a pixel's label is a class, as true or false for each of `classes` classes in a new dimension
/// `dim`; never where the label is void.
torch::Tensor one_hot(const torch::Tensor& labels, std::int64_t classes, std::int64_t dim);

/// Of rows [P, C] the value of each row's class, labels [P] int64. Its gradient is written by one kernel that
/// nobody waits for and that repeats to the bit, which that of gather() is not on a GPU.
torch::Tensor of_class(const torch::Tensor& rows, const torch::Tensor& labels);

}  // namespace segbench::losses
