// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c ln cosh(p - y), with ln cosh e = |e| + ln(1 + exp(-2 |e|)) - ln 2.

namespace segbench::losses::log_cosh {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = false;

  Tensor values(const Tensor& p, const Tensor& y) const {
    const Tensor error = p - y;
    return (error + torch::softplus(-2 * error) - std::log(2.0)).mean(1);
  }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    const auto n = static_cast<Scalar>(pixel.classes);
    Scalar sum = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      const Scalar p = pixel.p[c], y = pixel.y(c);
      const Scalar size = std::abs(p - y);
      sum += size + std::log1p(std::exp(-2 * size)) - static_cast<Scalar>(std::log(2.0));
      if (slope != nullptr) slope[c] = std::tanh(p - y) / n;
    }
    return sum / n;
  }
};

const LossFactory::Registration registered{"log_cosh",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::log_cosh
