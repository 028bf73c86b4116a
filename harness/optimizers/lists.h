// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <vector>

// Arithmetic on lists of tensors, number by number: on a GPU one launch for many of them, where an operation
// for each would cost more than the arithmetic (docs/gpu.md). The tensors of one place of the lists share
// their strides.

namespace segbench::optimizers {

using TensorListing = std::vector<torch::Tensor>;

/// x *= factor.
inline void scale(const TensorListing& x, double factor) {
  if (factor != 1) at::_foreach_mul_(x, factor);
}
/// x += factor * y.
inline void add(const TensorListing& x, const TensorListing& y, double factor = 1) {
  at::_foreach_add_(x, y, factor);
}
/// x = keep * x + factor * y.
inline void blend(const TensorListing& x, double keep, const TensorListing& y, double factor) {
  scale(x, keep);
  add(x, y, factor);
}
/// x += factor * a * b.
inline void add_product(const TensorListing& x, const TensorListing& a, const TensorListing& b,
                        double factor = 1) {
  at::_foreach_addcmul_(x, a, b, factor);
}
/// x += factor * a / b.
inline void add_quotient(const TensorListing& x, const TensorListing& a, const TensorListing& b,
                         double factor) {
  at::_foreach_addcdiv_(x, a, b, factor);
}
/// sqrt(x) + epsilon, or, with `inside`, sqrt(x + epsilon).
inline TensorListing root(const TensorListing& x, double epsilon, bool inside) {
  if (!inside) {
    TensorListing roots = at::_foreach_sqrt(x);
    at::_foreach_add_(roots, epsilon);
    return roots;
  }
  TensorListing roots = at::_foreach_add(x, epsilon);
  at::_foreach_sqrt_(roots);
  return roots;
}

}  // namespace segbench::optimizers
