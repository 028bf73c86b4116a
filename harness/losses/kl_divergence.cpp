// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = sum_c y ln(y / p) with y and p clipped to [1e-7, 1], as Keras does.

namespace segbench::losses::kl_divergence {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = false;

  Tensor values(const Tensor& p, const Tensor& y) const {
    const Tensor clipped = y.clamp(1e-7, 1);
    return (clipped * (clipped / p.clamp(1e-7, 1)).log()).sum(1);
  }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    constexpr auto kLeast = static_cast<Scalar>(1e-7);
    Scalar sum = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      const Scalar p = pixel.p[c], y = pixel.y(c) == 1 ? Scalar{1} : kLeast;
      sum += y * std::log(y / (p < kLeast ? kLeast : p));
      if (slope != nullptr) slope[c] = p < kLeast ? Scalar{0} : -y / p;
    }
    return sum;
  }
};

const LossFactory::Registration registered{"kl_divergence",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::kl_divergence
