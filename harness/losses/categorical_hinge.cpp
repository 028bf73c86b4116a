// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = max(0, 1 + max_c (1 - y) p - sum_c y p).

namespace segbench::losses::categorical_hinge {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = true;

  Tensor values(const Tensor& p, const Tensor& y) const {
    return torch::relu(1 + ((1 - y) * p).amax(1) - (y * p).sum(1));
  }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    std::int64_t rival = pixel.truth == 0 ? 1 : 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      if (c != pixel.truth && pixel.p[c] > pixel.p[rival]) rival = c;
    }
    const Scalar margin = 1 + pixel.p[rival] - pixel.p[pixel.truth];
    if (slope != nullptr) {
      std::fill_n(slope, pixel.classes, Scalar{0});
      slope[rival] = margin > 0 ? Scalar{1} : Scalar{0};
      slope[pixel.truth] = -slope[rival];
    }
    return margin < 0 ? Scalar{0} : margin;
  }
};

const LossFactory::Registration registered{"categorical_hinge",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::categorical_hinge
