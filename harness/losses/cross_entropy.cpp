// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/losses/pixel_loss.h"

// v(z, y) = -ln p_y = ln(sum_c exp(z_c)) - z_y with p = softmax(z); dv/dz_c = p_c - [c = y].
// With clip > 0, p_y is clipped to [clip, 1 - clip], where the gradient is 0 outside.

namespace segbench::losses {
namespace {

struct SoftmaxKernel {
  double lowest = 0;                                         ///< -ln(1 - clip)
  double highest = std::numeric_limits<double>::infinity();  ///< -ln(clip)

  template <typename Scalar>
  double operator()(const Scalar* z, std::int64_t channels, int y, Scalar scale, Scalar* gradient) const {
    const Scalar largest = *std::max_element(z, z + channels);
    Scalar sum = 0;
    if (gradient == nullptr) {
      for (std::int64_t c = 0; c < channels; ++c) sum += std::exp(z[c] - largest);
    } else {
      for (std::int64_t c = 0; c < channels; ++c) {
        gradient[c] = std::exp(z[c] - largest);
        sum += gradient[c];
      }
    }
    const double value = static_cast<double>(std::log(sum)) + static_cast<double>(largest - z[y]);
    const bool is_clipped = value < lowest || value > highest;
    if (gradient != nullptr) {
      const Scalar factor = is_clipped ? Scalar{0} : scale / sum;
      for (std::int64_t c = 0; c < channels; ++c) gradient[c] *= factor;
      if (!is_clipped) gradient[y] -= scale;
    }
    return is_clipped ? std::clamp(value, lowest, highest) : value;
  }
};

class CrossEntropy final : public FusedPixelLoss<SoftmaxKernel> {
 public:
  using FusedPixelLoss::FusedPixelLoss;

  torch::Tensor values(const torch::Tensor& rows, const torch::Tensor& labels) const override {
    const torch::Tensor value = -torch::log_softmax(rows, 1).gather(1, labels.unsqueeze(1)).squeeze(1);
    return kernel_.lowest > 0 ? value.clamp(kernel_.lowest, kernel_.highest) : value;
  }
};

const LossFactory::Registration cross_entropy_registered{
    "cross_entropy", [](const core::Json& params, const LossOptions& options) {
      SoftmaxKernel kernel;
      if (const double clip = params.at("clip"); clip > 0) {
        kernel = {.lowest = -std::log1p(-clip), .highest = -std::log(clip)};
      }
      return weighted_mean(std::make_unique<CrossEntropy>(kernel), params, options);
    }};

}  // namespace
}  // namespace segbench::losses
