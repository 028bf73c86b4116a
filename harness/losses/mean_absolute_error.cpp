// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c |p - y|.

namespace segbench::losses::mean_absolute_error {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = false;

  Tensor values(const Tensor& p, const Tensor& y) const { return (p - y).abs().mean(1); }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    const auto n = static_cast<Scalar>(pixel.classes);
    Scalar sum = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      const Scalar p = pixel.p[c], y = pixel.y(c);
      sum += std::abs(p - y);
      if (slope != nullptr) slope[c] = (y == 1 ? Scalar{-1} : Scalar{1}) / n;
    }
    return sum / n;
  }
};

const LossFactory::Registration registered{"mean_absolute_error",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::mean_absolute_error
