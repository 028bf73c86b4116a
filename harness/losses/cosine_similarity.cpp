// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = -(y . p) / (|y| |p|), with |p|^2 bounded below by 1e-12, which the probabilities of all classes exceed.

namespace segbench::losses::cosine_similarity {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = true;

  Tensor values(const Tensor& p, const Tensor& y) const {
    return -(y * p).sum(1) / p.square().sum(1).clamp_min(1e-12).sqrt();
  }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    Scalar square = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) square += pixel.p[c] * pixel.p[c];
    const Scalar length = std::sqrt(square), hit = pixel.p[pixel.truth];
    if (slope != nullptr) {
      for (std::int64_t c = 0; c < pixel.classes; ++c)
        slope[c] = hit * pixel.p[c] / (length * square) - pixel.y(c) / length;
    }
    return -hit / length;
  }
};

const LossFactory::Registration registered{"cosine_similarity",
                                           [](const core::Json& params, const LossOptions& options) {
                                             return probability_loss(Formula{}, params, options);
                                           }};

}  // namespace
}  // namespace segbench::losses::cosine_similarity
