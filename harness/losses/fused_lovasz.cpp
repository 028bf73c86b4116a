// SPDX-License-Identifier: MIT
#include "harness/losses/fused_lovasz.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

// Sorted from the largest, the k-th error e counts by how much the Jaccard loss 1 - I / U grows there, which
// is its slope, too: n pixels are of the class, I = n - (those among the first k), U = n + (the others among
// them).

namespace segbench::losses {
namespace {

using torch::Tensor;

/// Positions of a row's errors that are not <= 0, from the largest; of equals the earlier first. What is no
/// number comes first, so that the loss is none.
class Order {
 public:
  const std::vector<std::uint32_t>& of(const float* errors, std::int64_t count) {
    pairs_.clear();
    for (std::int64_t i = 0; i < count; ++i) {
      if (errors[i] <= 0) continue;
      const std::uint64_t key = ~std::bit_cast<std::uint32_t>(errors[i]);  // of positive numbers: descending
      pairs_.push_back(key << 32 | static_cast<std::uint64_t>(i));
    }
    sort_by_radix();
    positions_.clear();
    for (const std::uint64_t pair : pairs_) positions_.push_back(static_cast<std::uint32_t>(pair));
    return positions_;
  }

  const std::vector<std::uint32_t>& of(const double* errors, std::int64_t count) {
    positions_.clear();
    for (std::int64_t i = 0; i < count; ++i) {
      if (!(errors[i] <= 0)) positions_.push_back(static_cast<std::uint32_t>(i));
    }
    std::stable_sort(positions_.begin(), positions_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return errors[a] > errors[b] || (errors[a] != errors[a] && errors[b] == errors[b]);
    });
    return positions_;
  }

 private:
  /// By the upper half of each pair, in three stable passes of 11 bits.
  void sort_by_radix() {
    others_.resize(pairs_.size());
    for (const int shift : {32, 43, 54}) {
      std::array<std::size_t, 2049> begins{};
      const auto digit = [&](std::uint64_t pair) { return static_cast<std::size_t>(pair >> shift & 2047); };
      for (const std::uint64_t pair : pairs_) ++begins[digit(pair) + 1];
      for (std::size_t d = 1; d < begins.size(); ++d) begins[d] += begins[d - 1];
      for (const std::uint64_t pair : pairs_) others_[begins[digit(pair)]++] = pair;
      pairs_.swap(others_);
    }
  }

  std::vector<std::uint64_t> pairs_, others_;
  std::vector<std::uint32_t> positions_;
};

/// The loss of a row; its slopes are written where `slopes` is not null, which holds zeros.
template <typename Scalar>
double row_loss(const Scalar* errors, const bool* truth, std::int64_t count, Order& order, Scalar* slopes) {
  const auto pixels = static_cast<double>(std::count(truth, truth + count, true));
  if (pixels == 0) {
    std::int64_t largest = 0;
    for (std::int64_t i = 1; i < count && errors[largest] == errors[largest]; ++i) {
      if (!(errors[i] <= errors[largest])) largest = i;
    }
    if (errors[largest] <= 0) return 0;
    if (slopes != nullptr) slopes[largest] = 1;
    return static_cast<double>(errors[largest]);
  }
  double intersection = pixels, joint = pixels, before = 0, loss = 0;
  for (const std::uint32_t i : order.of(errors, count)) {
    (truth[i] ? intersection : joint) += truth[i] ? -1 : 1;
    const double jaccard_loss = 1 - intersection / joint, growth = jaccard_loss - before;
    before = jaccard_loss;
    loss += static_cast<double>(errors[i]) * growth;
    if (slopes != nullptr) slopes[i] = static_cast<Scalar>(growth);
  }
  return loss;
}

template <typename Scalar>
Tensor row_losses(const Tensor& errors, const Tensor& truth, const Tensor& slopes) {
  const std::int64_t count = errors.size(-1), rows = count == 0 ? 0 : errors.numel() / count;
  Tensor losses = torch::zeros(errors.sizes().slice(0, static_cast<std::size_t>(errors.dim()) - 1),
                               torch::TensorOptions(torch::kDouble));
  Scalar* out = slopes.defined() ? slopes.data_ptr<Scalar>() : nullptr;
  at::parallel_for(0, rows, 1, [&](std::int64_t begin, std::int64_t end) {
    Order order;
    for (std::int64_t row = begin; row < end; ++row) {
      losses.data_ptr<double>()[row] =
          row_loss(errors.data_ptr<Scalar>() + row * count, truth.data_ptr<bool>() + row * count, count,
                   order, out == nullptr ? nullptr : out + row * count);
    }
  });
  return losses;
}

class FusedLovasz : public torch::autograd::Function<FusedLovasz> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& errors,
                        const Tensor& truth) {
    const Tensor rows = errors.contiguous(), set = truth.contiguous();
    const Tensor slopes = errors.requires_grad() ? torch::zeros_like(rows) : Tensor();
    if (slopes.defined()) context->saved_data["slopes"] = slopes;
    return rows.scalar_type() == torch::kFloat ? row_losses<float>(rows, set, slopes)
                                               : row_losses<double>(rows, set, slopes);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outputs) {
    const Tensor slopes = context->saved_data["slopes"].toTensor();
    return {slopes * outputs[0].unsqueeze(-1).to(slopes.scalar_type()), Tensor()};
  }
};

}  // namespace

Tensor fused_lovasz_extension(const Tensor& errors, const Tensor& truth) {
  return FusedLovasz::apply(errors, truth);
}

}  // namespace segbench::losses
