// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/losses/pixel_loss.h"
#include "harness/losses/softmax_binary.h"

// With s = 1 for class 1 and -1 for class 0, and t = sigmoid(s z) the probability of the true class:
//   v(z, y) = -ln t = ln(1 + exp(-s z)) = max(-s z, 0) + ln(1 + exp(-|z|));  dv/dz = -s (1 - t).
// With clip e > 0, as in Keras: q = t clipped to [e, 1 - e], v = -ln(q + e); dv/dz = -s t (1 - t) / (q + e),
// 0 outside. With label smoothing a: (1 - a / 2) v(z, y) + a / 2 v(z, 1 - y). A softmax: softmax_binary.h.

namespace segbench::losses {
namespace {

struct BinaryKernel {
  double clip = 0, smoothing = 0;

  template <typename Scalar>
  double operator()(const Scalar* z, std::int64_t, int y, Scalar scale, Scalar* gradient) const {
    if (smoothing == 0) return of_class(*z, y, scale, gradient);
    const double other = smoothing / 2;
    Scalar of_true = 0, of_other = 0;
    const double value =
        (1 - other) * of_class(*z, y, scale, &of_true) + other * of_class(*z, 1 - y, scale, &of_other);
    if (gradient != nullptr)
      *gradient = static_cast<Scalar>(1 - other) * of_true + static_cast<Scalar>(other) * of_other;
    return value;
  }

 private:
  template <typename Scalar>
  double of_class(Scalar z, int y, Scalar scale, Scalar* gradient) const {
    const Scalar margin = y == 1 ? z : -z;
    const Scalar small = std::exp(-std::abs(margin));                     // never overflows
    const Scalar wrong = (margin < 0 ? Scalar{1} : small) / (1 + small);  // 1 - t
    const Scalar sign = y == 1 ? scale : -scale;
    if (clip == 0) {
      if (gradient != nullptr) *gradient = -sign * wrong;
      return static_cast<double>(margin < 0 ? -margin : Scalar{0}) + static_cast<double>(std::log1p(small));
    }
    const double right = static_cast<double>((margin < 0 ? small : Scalar{1}) / (1 + small));
    const bool is_clipped = right < clip || static_cast<double>(wrong) < clip;
    const double q = is_clipped ? (right < clip ? clip : 1 - clip) : right;
    if (gradient != nullptr) {
      *gradient = is_clipped ? Scalar{0} : -sign * wrong * static_cast<Scalar>(right / (q + clip));
    }
    return -std::log(q + clip);
  }
};

class BinaryCrossEntropy final : public FusedPixelLoss<BinaryKernel> {
 public:
  using FusedPixelLoss::FusedPixelLoss;

  torch::Tensor values(const torch::Tensor& rows, const torch::Tensor& labels) const override {
    const torch::Tensor z = rows.squeeze(1);
    const torch::Tensor margin = torch::where(labels == 1, z, -z);
    if (kernel_.smoothing == 0) return of_margin(margin);
    const double other = kernel_.smoothing / 2;
    return (1 - other) * of_margin(margin) + other * of_margin(-margin);
  }

 private:
  torch::Tensor of_margin(const torch::Tensor& margin) const {
    if (kernel_.clip == 0) return -torch::log_sigmoid(margin);
    return -(torch::sigmoid(margin).clamp(kernel_.clip, 1 - kernel_.clip) + kernel_.clip).log();
  }
};

const LossFactory::Registration binary_cross_entropy_registered{
    "binary_cross_entropy", [](const core::Json& params, const LossOptions& options) {
      const double clip = params.at("clip");
      std::unique_ptr<PixelLoss> loss;
      if (params.at("head") == "softmax") {
        loss = std::make_unique<SoftmaxBinary>(SoftmaxBinaryKernel{.clip = clip});
      } else {
        loss = std::make_unique<BinaryCrossEntropy>(
            BinaryKernel{.clip = clip, .smoothing = params.at("label_smoothing")});
      }
      return weighted_mean(std::move(loss), params, options);
    }};

}  // namespace
}  // namespace segbench::losses
