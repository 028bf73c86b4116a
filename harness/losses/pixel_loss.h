// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "harness/core/counts.h"
#include "harness/losses/loss.h"

// Losses that are a weighted mean of values of single pixels:
//
//   mean = sum_i w_i v(z_i, y_i) / D,   D = sum_i w_i  |  number of valid pixels  |  number of all pixels
//
// w_i is the class weight, times 1 + w0 exp(-d_i^2 / (2 sigma^2)) where borders of classes count more (d_i:
// boundary_distances.h). Where only the hardest pixels count, the sums go over those of an image with the
// largest w_i v_i; all void pixels stay in the last denominator.
//
// A loss defines v once as a tensor expression, which runs on any device, and may define it again with its
// gradient for one pixel, which the CPU runs in one fused pass. Weights, void pixels and normalisation are
// common to all.

namespace segbench::losses {

/// One stretch of pixels of one image for the fused pass.
template <typename Scalar>
struct PixelSpan {
  const Scalar* logits;        ///< [count, channels]
  const std::uint8_t* labels;  ///< [count]
  Scalar* gradient;            ///< [count, channels], or nullptr when it is not wanted
  std::int64_t count;
  std::int64_t channels;
};

/// v(z, y), the loss of a pixel with logits z and class y.
class PixelLoss {
 public:
  virtual ~PixelLoss() = default;

  /// rows [P, channels], labels [P] int64 without void; returns v, [P], differentiable.
  virtual torch::Tensor values(const torch::Tensor& rows, const torch::Tensor& labels) const = 0;

  /// True when evaluate() is defined.
  virtual bool is_fused() const { return false; }
  /// Sum of scales[y] v over the span, whose labels are valid or void; writes the gradient of that sum, 0
  /// where void.
  virtual double evaluate(const PixelSpan<float>& span, const double* scales) const;
  virtual double evaluate(const PixelSpan<double>& span, const double* scales) const;
};

/// Implements the fused pass by a function object Kernel:
///   double operator()(const Scalar* z, int64_t channels, int y, Scalar scale, Scalar* gradient) const
/// returns v and, unless `gradient` is null, writes scale * dv/dz.
template <typename Kernel>
class FusedPixelLoss : public PixelLoss {
 public:
  explicit FusedPixelLoss(Kernel kernel) : kernel_(kernel) {}
  bool is_fused() const override { return true; }
  double evaluate(const PixelSpan<float>& span, const double* scales) const override {
    return run(span, scales);
  }
  double evaluate(const PixelSpan<double>& span, const double* scales) const override {
    return run(span, scales);
  }

 protected:
  Kernel kernel_;

 private:
  template <typename Scalar>
  double run(const PixelSpan<Scalar>& span, const double* scales) const {
    double sum = 0;
    for (std::int64_t i = 0; i < span.count; ++i) {
      Scalar* gradient = span.gradient == nullptr ? nullptr : span.gradient + i * span.channels;
      const int y = span.labels[i];
      if (y == core::kVoidLabel || scales[y] == 0) {
        if (gradient != nullptr) std::fill_n(gradient, span.channels, Scalar{0});
      } else {
        sum += scales[y] * kernel_(span.logits + i * span.channels, span.channels, y,
                                   static_cast<Scalar>(scales[y]), gradient);
      }
    }
    return sum;
  }
};

/// The loss that takes the weighted mean of `pixel_loss`, with the parameters of
/// pixel_loss_spec().
std::unique_ptr<Loss> weighted_mean(std::unique_ptr<PixelLoss> pixel_loss, const core::Json& params,
                                    const LossOptions& options);

}  // namespace segbench::losses
