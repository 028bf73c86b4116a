// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c (p - y)^2.

namespace segbench::losses::mean_squared_error {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = false;

  Tensor values(const Tensor& p, const Tensor& y) const { return (p - y).square().mean(1); }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    const auto n = static_cast<Scalar>(pixel.classes);
    Scalar sum = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      const Scalar p = pixel.p[c], y = pixel.y(c);
      sum += (p - y) * (p - y);
      if (slope != nullptr) slope[c] = 2 * (p - y) / n;
    }
    return sum / n;
  }
};

const LossFactory::Registration registered{"mean_squared_error",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::mean_squared_error
