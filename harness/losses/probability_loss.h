// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "harness/losses/pixel_loss.h"
#include "harness/losses/probabilities.h"

// Losses of single pixels that are defined on probabilities. A formula says the loss twice: `values`, tensor
// operations over [P, classes], and a call operator for one pixel, which also says its slopes by the
// probabilities. Both take the classes of a softmax; of a sigmoid head, as in Keras, class 1 alone, or both
// where the formula compares classes (kBothClasses).

namespace segbench::losses {

/// One pixel in the eyes of a formula.
template <typename Scalar>
struct PixelProbabilities {
  const Scalar* p;       ///< [classes]
  std::int64_t classes;  ///< 1 for class 1 of a sigmoid
  std::int64_t truth;    ///< position of the true class; -1 where class 1 alone is looked at and is not it

  Scalar y(std::int64_t c) const { return c == truth ? Scalar{1} : Scalar{0}; }
};

/// The kernel (FusedPixelLoss) of a formula: probabilities from logits, and slopes back to them:
///   dv/dz_c = p_c (g_c - sum_k p_k g_k) of a softmax;  p (1 - p) g of a sigmoid.
template <typename Formula>
struct ProbabilityKernel {
  Formula formula;

  template <typename Scalar>
  double operator()(const Scalar* z, std::int64_t channels, int y, Scalar scale, Scalar* gradient) const {
    thread_local std::array<Scalar, 256> p, slopes;  // not cleared for each pixel
    Scalar* slope = gradient == nullptr ? nullptr : slopes.data();
    if (channels == 1) {
      const Scalar small = std::exp(-std::abs(*z));  // never overflows
      const Scalar likely = 1 / (1 + small), unlikely = small / (1 + small);
      p[0] = *z < 0 ? likely : unlikely;
      p[1] = *z < 0 ? unlikely : likely;
      const bool both = Formula::kBothClasses;
      const PixelProbabilities<Scalar> pixel{both ? p.data() : &p[1], both ? 2 : 1, both ? y : y - 1};
      const Scalar value = formula(pixel, slope);
      if (gradient != nullptr) *gradient = scale * p[0] * p[1] * (both ? slopes[1] - slopes[0] : slopes[0]);
      return static_cast<double>(value);
    }
    const Scalar largest = *std::max_element(z, z + channels);
    Scalar sum = 0;
    for (std::int64_t c = 0; c < channels; ++c)
      sum += p[static_cast<std::size_t>(c)] = std::exp(z[c] - largest);
    for (std::int64_t c = 0; c < channels; ++c) p[static_cast<std::size_t>(c)] /= sum;
    const Scalar value = formula(PixelProbabilities<Scalar>{p.data(), channels, y}, slope);
    if (gradient != nullptr) {
      Scalar mean = 0;
      for (std::int64_t c = 0; c < channels; ++c)
        mean += p[static_cast<std::size_t>(c)] * slopes[static_cast<std::size_t>(c)];
      for (std::int64_t c = 0; c < channels; ++c)
        gradient[c] = scale * p[static_cast<std::size_t>(c)] * (slopes[static_cast<std::size_t>(c)] - mean);
    }
    return static_cast<double>(value);
  }
};

template <typename Formula>
class ProbabilityLoss final : public FusedPixelLoss<ProbabilityKernel<Formula>> {
 public:
  explicit ProbabilityLoss(Formula formula)
      : FusedPixelLoss<ProbabilityKernel<Formula>>(ProbabilityKernel<Formula>{formula}) {}

  torch::Tensor values(const torch::Tensor& rows, const torch::Tensor& labels) const override {
    const Formula& formula = this->kernel_.formula;
    if (rows.size(1) == 1 && !Formula::kBothClasses)
      return formula.values(torch::sigmoid(rows), labels.unsqueeze(1).to(rows.dtype()));
    const torch::Tensor p = class_probabilities(rows, 1);
    return formula.values(p, one_hot(labels, p.size(1), 1).to(rows.dtype()));
  }
};

/// The weighted mean over pixels (pixel_loss.h) of a formula.
template <typename Formula>
std::unique_ptr<Loss> probability_loss(Formula formula, const core::Json& params,
                                       const LossOptions& options) {
  return weighted_mean(std::make_unique<ProbabilityLoss<Formula>>(formula), params, options);
}

}  // namespace segbench::losses
