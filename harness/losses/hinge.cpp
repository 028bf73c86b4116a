// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = mean_c max(0, 1 - t p) with t = 1 where y = 1 and -1 elsewhere.

namespace segbench::losses::hinge {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = false;

  Tensor values(const Tensor& p, const Tensor& y) const { return torch::relu(1 - (2 * y - 1) * p).mean(1); }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    const auto n = static_cast<Scalar>(pixel.classes);
    Scalar sum = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      const Scalar p = pixel.p[c], y = pixel.y(c);
      const Scalar t = 2 * y - 1, margin = 1 - t * p, missing = margin < 0 ? Scalar{0} : margin;
      sum += missing;
      if (slope != nullptr) slope[c] = missing > 0 ? -t / n : Scalar{0};
    }
    return sum / n;
  }
};

const LossFactory::Registration registered{"hinge", [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::hinge
