// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "harness/losses/pixel_loss.h"

namespace segbench::losses {

// The binary cross-entropies of each class against all others, of a softmax p with C classes and q = 1 - p:
//   v = -(ln p_y + sum_{c != y} ln q_c) / C
//   C dv/dz_k = p_k - [k = y] + sum_{c != y} ([k = c] p_c - [k != c] p_c p_k / q_c)
// Of the largest logit, q is summed from the others in the logarithm, so that it never rounds to 0: there
// p_k / q_c is r_k, the softmax of the others. With clip e > 0, as in Keras: probabilities are clipped to
// [e, 1 - e], with zero gradient outside, and e is added inside the logarithms.

struct SoftmaxBinaryKernel {
  double clip = 0;

  template <typename Scalar>
  double operator()(const Scalar* z, std::int64_t channels, int y, Scalar scale, Scalar* gradient) const {
    const std::int64_t top = std::max_element(z, z + channels) - z;
    double second = -std::numeric_limits<double>::infinity(), others = 0;
    std::array<double, 256> p;
    for (std::int64_t c = 0; c < channels; ++c) {
      if (c == top) continue;
      second = std::max(second, static_cast<double>(z[c]));
      others += at(p, c) = std::exp(static_cast<double>(z[c] - z[top]));
    }
    const double sum = 1 + others;
    at(p, top) = 1;
    for (std::int64_t c = 0; c < channels; ++c) at(p, c) /= sum;
    const auto q = [&](std::int64_t c) { return c == top ? others / sum : 1 - at(p, c); };
    const double factor = static_cast<double>(scale) / static_cast<double>(channels);
    return clip > 0 ? clipped(p, q, channels, y, factor, gradient)
                    : exact(z, p, channels, y, top, second, others, factor, gradient);
  }

 private:
  static double& at(std::array<double, 256>& values, std::int64_t c) {
    return values[static_cast<std::size_t>(c)];
  }

  template <typename Scalar>
  static double exact(const Scalar* z, std::array<double, 256>& p, std::int64_t channels, int y,
                      std::int64_t top, double second, double others, double factor, Scalar* gradient) {
    const double largest = static_cast<double>(z[top]), log_sum = std::log1p(others);
    double value = log_sum + largest - static_cast<double>(z[y]), odds = 0, beside = 0;
    std::array<double, 256> r;  // exp(z_c - second), without the largest
    for (std::int64_t c = 0; c < channels; ++c) {
      if (c == top) continue;
      beside += at(r, c) = std::exp(static_cast<double>(z[c]) - second);
      if (c == y) continue;
      value -= std::log1p(-at(p, c));
      odds += at(p, c) / (1 - at(p, c));
    }
    if (top != y) value += largest + log_sum - second - std::log(beside);
    if (gradient != nullptr) {
      for (std::int64_t k = 0; k < channels; ++k) {
        const double own = k == y || k == top ? 0 : at(p, k) / (1 - at(p, k));
        double slope = at(p, k) * (1 - (odds - own)) - (k == y ? 1 : 0);
        if (k != y && k != top) slope += at(p, k);
        if (top != y) slope += k == top ? at(p, top) : -at(p, top) * at(r, k) / beside;
        gradient[k] = static_cast<Scalar>(factor * slope);
      }
    }
    return value / static_cast<double>(channels);
  }

  template <typename Q, typename Scalar>
  double clipped(std::array<double, 256>& p, const Q& q, std::int64_t channels, int y, double factor,
                 Scalar* gradient) const {
    std::array<double, 256> slopes;  // of v by p
    double value = 0, mean = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
      const double right = c == y ? at(p, c) : q(c), wrong = c == y ? q(c) : at(p, c);
      const bool is_clipped = right < clip || wrong < clip;
      value -= std::log((is_clipped ? (right < clip ? clip : 1 - clip) : right) + clip);
      at(slopes, c) = is_clipped ? 0 : (c == y ? -1 : 1) / (right + clip);
      mean += at(p, c) * at(slopes, c);
    }
    if (gradient != nullptr) {
      for (std::int64_t k = 0; k < channels; ++k) {
        const double rest = mean - at(p, k) * at(slopes, k);  // 1 - p may be less than what rounds to 0
        gradient[k] = static_cast<Scalar>(factor * at(p, k) * (at(slopes, k) * q(k) - rest));
      }
    }
    return value / static_cast<double>(channels);
  }
};

class SoftmaxBinary final : public FusedPixelLoss<SoftmaxBinaryKernel> {
 public:
  using FusedPixelLoss::FusedPixelLoss;
  torch::Tensor values(const torch::Tensor& rows, const torch::Tensor& labels) const override;
};

}  // namespace segbench::losses
