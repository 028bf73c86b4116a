// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "harness/losses/pixel_loss.h"
#include "harness/losses/probabilities.h"

// With the probability t of the true class, q = 1 - t (summed from the others, never 1 - t) and L = -ln t:
//   v = q^g L;   dv/dz_y = -q^g (g t L + q),   dv/dz_c = q^g (g t L / q + 1) p_c,
// where L / q -> 1 as q -> 0, so that no slope is infinite for g < 1. For a sigmoid z_y = s z.
// With clip e > 0, t is first clipped to [e, 1 - e], with zero gradient outside. Keras clips a sigmoid's t
// inside the logarithm only, which is that of t + e.

namespace segbench::losses::focal {
namespace {

using torch::Tensor;

struct SoftmaxFocalKernel {
  double gamma = 2, clip = 0;

  template <typename Scalar>
  double operator()(const Scalar* z, std::int64_t channels, int y, Scalar scale, Scalar* gradient) const {
    const Scalar* top = std::max_element(z, z + channels);
    double others = 0;  // of the sum of all exp(z_c - *top), what is not the 1 of the largest logit
    for (std::int64_t c = 0; c < channels; ++c) {
      const Scalar power = std::exp(z[c] - *top);
      if (gradient != nullptr) gradient[c] = power;
      if (z + c != top) others += static_cast<double>(power);
    }
    const double sum = 1 + others, margin = static_cast<double>(z[y] - *top);
    const double log_t = margin - std::log1p(others), t = std::exp(log_t);
    const double q = z + y == top ? others / sum : (sum - std::exp(margin)) / sum;
    if (t < clip || q < clip) {
      if (gradient != nullptr) std::fill_n(gradient, channels, Scalar{0});
      const double kept = t < clip ? clip : 1 - clip;
      return std::pow(1 - kept, gamma) * -std::log(kept);
    }
    const double factor = std::pow(q, gamma);
    if (gradient != nullptr) {
      const double slope = static_cast<double>(scale) * factor * (gamma * t * (q > 0 ? -log_t / q : 1.0) + 1);
      for (std::int64_t c = 0; c < channels; ++c)
        gradient[c] = static_cast<Scalar>(slope * static_cast<double>(gradient[c]) / sum);
      gradient[y] = static_cast<Scalar>(-slope * q);
    }
    return factor * -log_t;
  }
};

struct SigmoidFocalKernel {
  double gamma = 2, clip = 0;
  bool clips_before = false;

  template <typename Scalar>
  double operator()(const Scalar* z, std::int64_t, int y, Scalar scale, Scalar* gradient) const {
    const auto margin = static_cast<double>(y == 1 ? *z : -*z);
    const double small = std::exp(-std::abs(margin));  // never overflows
    const double q = (margin < 0 ? 1.0 : small) / (1 + small), t = (margin < 0 ? small : 1.0) / (1 + small);
    const bool is_clipped = t < clip || q < clip;
    const double kept = is_clipped ? (t < clip ? clip : 1 - clip) : t;
    if (clips_before && is_clipped) {
      if (gradient != nullptr) *gradient = Scalar{0};
      return std::pow(1 - kept, gamma) * -std::log(kept);
    }
    const double power = std::pow(q, gamma);
    const bool adds = clip > 0 && !clips_before;
    const double loss = adds ? -std::log(kept + clip) : (margin < 0 ? -margin : 0.0) + std::log1p(small);
    if (gradient != nullptr) {
      const double of_logarithm = !adds ? q : is_clipped ? 0.0 : q * t / (t + clip);
      const double slope = -power * (gamma * t * loss + of_logarithm);
      *gradient = static_cast<Scalar>((y == 1 ? 1 : -1) * static_cast<double>(scale) * slope);
    }
    return power * loss;
  }
};

/// q^g, with a slope of 0 instead of an infinite one where q is 0.
Tensor power_of(const Tensor& q, double gamma) {
  if (gamma == 0) return torch::ones_like(q);
  const bool is_single = q.scalar_type() == torch::kFloat;
  return q.clamp_min(is_single ? 1e-30 : 1e-300).pow(gamma);
}

class SoftmaxFocal final : public FusedPixelLoss<SoftmaxFocalKernel> {
 public:
  using FusedPixelLoss::FusedPixelLoss;

  Tensor values(const Tensor& rows, const Tensor& labels) const override {
    Tensor log_t = of_class(torch::log_softmax(rows, 1), labels);
    Tensor q = torch::softmax(rows, 1).masked_fill(one_hot(labels, rows.size(1), 1), 0).sum(1);
    if (kernel_.clip > 0) {
      log_t = log_t.clamp(std::log(kernel_.clip), std::log1p(-kernel_.clip));
      q = q.clamp(kernel_.clip, 1 - kernel_.clip);
    }
    return -power_of(q, kernel_.gamma) * log_t;
  }
};

class SigmoidFocal final : public FusedPixelLoss<SigmoidFocalKernel> {
 public:
  using FusedPixelLoss::FusedPixelLoss;

  Tensor values(const Tensor& rows, const Tensor& labels) const override {
    const Tensor z = rows.squeeze(1);
    const Tensor margin = torch::where(labels == 1, z, -z);
    const double clip = kernel_.clip;
    if (clip == 0) return -power_of(torch::sigmoid(-margin), kernel_.gamma) * torch::log_sigmoid(margin);
    if (kernel_.clips_before) {
      const Tensor q = torch::sigmoid(-margin).clamp(clip, 1 - clip);
      return -power_of(q, kernel_.gamma) *
             torch::log_sigmoid(margin).clamp(std::log(clip), std::log1p(-clip));
    }
    const Tensor t = torch::sigmoid(margin).clamp(clip, 1 - clip);
    return -power_of(torch::sigmoid(-margin), kernel_.gamma) * (t + clip).log();
  }
};

const LossFactory::Registration registered{
    "focal", [](const core::Json& params, const LossOptions& options) {
      const double gamma = params.at("gamma"), clip = params.at("clip");
      std::unique_ptr<PixelLoss> loss;
      if (params.at("head") != "softmax") {
        loss = std::make_unique<SigmoidFocal>(SigmoidFocalKernel{
            .gamma = gamma, .clip = clip, .clips_before = params.at("clipping") == "before"});
      } else {
        loss = std::make_unique<SoftmaxFocal>(SoftmaxFocalKernel{.gamma = gamma, .clip = clip});
      }
      return weighted_mean(std::move(loss), params, options);
    }};

}  // namespace
}  // namespace segbench::losses::focal
