// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c (p - y ln(p + 1e-7)).

namespace segbench::losses::poisson {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = false;

  Tensor values(const Tensor& p, const Tensor& y) const { return (p - y * (p + 1e-7).log()).mean(1); }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    const auto n = static_cast<Scalar>(pixel.classes);
    Scalar sum = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      const Scalar p = pixel.p[c], y = pixel.y(c);
      const Scalar shifted = p + static_cast<Scalar>(1e-7);
      sum += p - y * std::log(shifted);
      if (slope != nullptr) slope[c] = (1 - y / shifted) / n;
    }
    return sum / n;
  }
};

const LossFactory::Registration registered{"poisson",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::poisson
