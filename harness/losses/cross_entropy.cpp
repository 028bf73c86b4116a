// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/losses/pixel_loss.h"
#include "harness/losses/probabilities.h"

// v(z, y) = -ln p_y = ln(sum_c exp(z_c)) - z_y with p = softmax(z); dv/dz_c = p_c - [c = y].
// With clip > 0, p_y is clipped to [clip, 1 - clip], where the gradient is 0 outside. With label smoothing s
// the truth is t_c = (1 - s) [c = y] + s / C:
//   v = -sum_c t_c ln p_c;  dv/dz_c = p_c (sum_k t_k) - t_c, sums and t_c over the classes that are not
//   clipped.

namespace segbench::losses {
namespace {

struct SoftmaxKernel {
  double lowest = 0;                                         ///< -ln(1 - clip)
  double highest = std::numeric_limits<double>::infinity();  ///< -ln(clip)
  double smoothing = 0;

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
    if (smoothing > 0) return smoothed(z, channels, y, scale, largest, sum, gradient);
    const double value = static_cast<double>(std::log(sum)) + static_cast<double>(largest - z[y]);
    const bool is_clipped = value < lowest || value > highest;
    if (gradient != nullptr) {
      const Scalar factor = is_clipped ? Scalar{0} : scale / sum;
      for (std::int64_t c = 0; c < channels; ++c) gradient[c] *= factor;
      if (!is_clipped) gradient[y] -= scale;
    }
    return is_clipped ? std::clamp(value, lowest, highest) : value;
  }

 private:
  /// The same with smoothed labels; `sum` and `gradient` hold exp(z_c - largest).
  template <typename Scalar>
  double smoothed(const Scalar* z, std::int64_t channels, int y, Scalar scale, Scalar largest, Scalar sum,
                  Scalar* gradient) const {
    const double log_sum = static_cast<double>(std::log(sum)),
                 even = smoothing / static_cast<double>(channels);
    double value = 0, open = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
      const double t = even + (c == y ? 1 - smoothing : 0),
                   minus_log = log_sum + static_cast<double>(largest - z[c]);
      const bool is_clipped = minus_log < lowest || minus_log > highest;
      value += t * (is_clipped ? std::clamp(minus_log, lowest, highest) : minus_log);
      if (!is_clipped) open += t;
    }
    if (gradient == nullptr) return value;
    for (std::int64_t c = 0; c < channels; ++c) {
      const double t = even + (c == y ? 1 - smoothing : 0),
                   minus_log = log_sum + static_cast<double>(largest - z[c]);
      const bool is_clipped = minus_log < lowest || minus_log > highest;
      gradient[c] =
          scale * static_cast<Scalar>(static_cast<double>(gradient[c] / sum) * open - (is_clipped ? 0 : t));
    }
    return value;
  }
};

class CrossEntropy final : public FusedPixelLoss<SoftmaxKernel> {
 public:
  using FusedPixelLoss::FusedPixelLoss;

  torch::Tensor values(const torch::Tensor& rows, const torch::Tensor& labels) const override {
    torch::Tensor minus_log = -torch::log_softmax(rows, 1);
    if (kernel_.lowest > 0) minus_log = minus_log.clamp(kernel_.lowest, kernel_.highest);
    const torch::Tensor value = of_class(minus_log, labels);
    if (kernel_.smoothing == 0) return value;
    return (1 - kernel_.smoothing) * value + kernel_.smoothing * minus_log.mean(1);
  }
};

const LossFactory::Registration cross_entropy_registered{
    "cross_entropy", [](const core::Json& params, const LossOptions& options) {
      SoftmaxKernel kernel;
      if (const double clip = params.at("clip"); clip > 0) {
        kernel = {.lowest = -std::log1p(-clip), .highest = -std::log(clip)};
      }
      kernel.smoothing = params.at("label_smoothing");
      return weighted_mean(std::make_unique<CrossEntropy>(kernel), params, options);
    }};

}  // namespace
}  // namespace segbench::losses
