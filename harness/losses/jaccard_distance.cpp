// SPDX-License-Identifier: MIT
#include "harness/losses/probability_loss.h"

// v = s (1 - (I + s) / (S - I + s)) = s (S - 2 I) / (S - I + s) with I = sum_c y p and S = sum_c (y + p).

namespace segbench::losses::jaccard_distance {
namespace {

using torch::Tensor;

struct Formula {
  static constexpr bool kBothClasses = false;
  double smooth;

  Tensor values(const Tensor& p, const Tensor& y) const {
    const Tensor hits = (y * p).sum(1), both = (y + p).sum(1);
    return smooth * (both - 2 * hits) / (both - hits + smooth);
  }

  template <typename Scalar>
  Scalar operator()(const PixelProbabilities<Scalar>& pixel, Scalar* slope) const {
    const auto s = static_cast<Scalar>(smooth);
    Scalar hits = 0, both = 0;
    for (std::int64_t c = 0; c < pixel.classes; ++c) {
      hits += pixel.y(c) * pixel.p[c];
      both += pixel.y(c) + pixel.p[c];
    }
    const Scalar above = both - 2 * hits, below = both - hits + s;
    if (slope != nullptr) {
      for (std::int64_t c = 0; c < pixel.classes; ++c) {
        const Scalar y = pixel.y(c);
        slope[c] = s * ((1 - 2 * y) * below - above * (1 - y)) / (below * below);
      }
    }
    return s * above / below;
  }
};

const LossFactory::Registration registered{
    "jaccard_distance", [](const core::Json& params, const LossOptions& options) {
      return probability_loss(Formula{params.at("smooth")}, params, options);
    }};

}  // namespace
}  // namespace segbench::losses::jaccard_distance
