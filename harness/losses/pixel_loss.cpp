// SPDX-License-Identifier: MIT
#include "harness/losses/pixel_loss.h"

#include <ATen/Parallel.h>

#include <limits>
#include <string>
#include <tuple>

#include "harness/core/error.h"
#include "harness/losses/boundary_distances.h"
#include "harness/losses/fused.h"
#include "harness/losses/per_class.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

enum class Denominator { kWeights, kPixels, kAllPixels };

Denominator denominator_from(const std::string& name) {
  if (name == "weights") return Denominator::kWeights;
  if (name == "pixels") return Denominator::kPixels;
  SEGBENCH_CHECK(name == "all_pixels", "weight_normalisation {}", name);
  return Denominator::kAllPixels;
}

struct FusedResult {
  std::vector<double> numerators, denominators;  ///< of each image
  Tensor gradient;                               ///< [N, H, W, C]; undefined when not wanted
};

class WeightedMean final : public Loss {
 public:
  WeightedMean(std::unique_ptr<PixelLoss> pixel_loss, const core::Json& params, const LossOptions& options)
      : pixel_loss_(std::move(pixel_loss)),
        denominator_(denominator_from(params.at("weight_normalisation"))),
        boundary_weight_(params.at("boundary_weight")),
        boundary_sigma_(params.at("boundary_sigma")),
        hardest_(params.at("hardest")),
        fused_(options.fused && pixel_loss_->is_fused() && boundary_weight_ == 0 && hardest_ == 1),
        weights_(class_weights(params, options.num_classes)) {}

  Tensor image_sums(const Tensor& logits, const Tensor& labels) const override;
  Tensor mean(const Tensor& logits, const Tensor& labels) const override;

  /// Fused pass on the CPU. With a gradient, that of the mean over the whole batch.
  FusedResult run_fused(const Tensor& logits, const Tensor& labels, bool with_gradient) const;

 private:
  bool runs_fused(const Tensor& logits) const {
    return fused_ && logits.device().is_cpu() &&
           (logits.scalar_type() == torch::kFloat || logits.scalar_type() == torch::kDouble);
  }
  std::vector<double> image_denominators(const Tensor& labels) const;
  template <typename Scalar>
  void run_blocks(const Tensor& rows, const Tensor& labels, const std::vector<double>& scales,
                  FusedResult& result) const;
  Tensor image_sums_of_tensors(const Tensor& logits, const Tensor& labels) const;
  Tensor pixel_weights(const Tensor& labels) const;
  /// The weights as a tensor, moved to a device once, so that no step waits for a copy.
  const Tensor& weights_on(torch::Device device) const;

  std::unique_ptr<PixelLoss> pixel_loss_;
  Denominator denominator_;
  double boundary_weight_, boundary_sigma_, hardest_;
  bool fused_;
  std::vector<double> weights_;
  mutable Tensor device_weights_;
};

/// Hands the gradient that the forward pass has computed already to autograd.
class FusedMean : public torch::autograd::Function<FusedMean> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& logits, const Tensor& labels,
                        const WeightedMean* loss) {
    const FusedResult result = loss->run_fused(logits, labels, logits.requires_grad());
    double numerator = 0, denominator = 0;
    for (const double part : result.numerators) numerator += part;
    for (const double part : result.denominators) denominator += part;
    if (result.gradient.defined()) context->saved_data["gradient"] = result.gradient.permute({0, 3, 1, 2});
    return torch::scalar_tensor(denominator > 0 ? numerator / denominator : 0.0, torch::kDouble);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outputs) {
    Tensor gradient = context->saved_data["gradient"].toTensor();
    const double factor = outputs[0].item<double>();
    if (factor != 1.0) gradient = gradient * factor;
    return {gradient, Tensor(), Tensor()};
  }
};

std::vector<double> WeightedMean::image_denominators(const Tensor& labels) const {
  std::vector<double> denominators;
  const std::int64_t pixels = labels.size(1) * labels.size(2);
  const auto* data = labels.data_ptr<std::uint8_t>();
  for (std::int64_t n = 0; n < labels.size(0); ++n) {
    const auto counts = core::count_labels({data + n * pixels, static_cast<std::size_t>(pixels)},
                                           static_cast<int>(weights_.size()));
    double sum = denominator_ == Denominator::kAllPixels ? static_cast<double>(counts.back()) : 0.0;
    for (std::size_t c = 0; c < weights_.size(); ++c) {
      sum += static_cast<double>(counts[c]) * (denominator_ == Denominator::kWeights ? weights_[c] : 1.0);
    }
    denominators.push_back(sum);
  }
  return denominators;
}

template <typename Scalar>
void WeightedMean::run_blocks(const Tensor& rows, const Tensor& labels, const std::vector<double>& scales,
                              FusedResult& result) const {
  const std::int64_t pixels = rows.size(1) * rows.size(2), channels = rows.size(3);
  const std::int64_t blocks = (pixels + kFusedBlock - 1) / kFusedBlock;
  const auto* logits = rows.data_ptr<Scalar>();
  const auto* truth = labels.data_ptr<std::uint8_t>();
  Scalar* gradient = result.gradient.defined() ? result.gradient.data_ptr<Scalar>() : nullptr;
  std::vector<double> sums(static_cast<std::size_t>(rows.size(0) * blocks));
  at::parallel_for(0, rows.size(0) * blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t first = i % blocks * kFusedBlock, start = i / blocks * pixels + first;
      const PixelSpan<Scalar> span{.logits = logits + start * channels,
                                   .labels = truth + start,
                                   .gradient = gradient == nullptr ? nullptr : gradient + start * channels,
                                   .count = std::min(kFusedBlock, pixels - first),
                                   .channels = channels};
      sums[static_cast<std::size_t>(i)] = pixel_loss_->evaluate(span, scales.data());
    }
  });
  for (std::int64_t i = 0; i < rows.size(0) * blocks; ++i) {
    result.numerators[static_cast<std::size_t>(i / blocks)] += sums[static_cast<std::size_t>(i)];
  }
}

FusedResult WeightedMean::run_fused(const Tensor& logits, const Tensor& labels, bool with_gradient) const {
  const torch::NoGradGuard no_grad;
  const Tensor rows = logits.permute({0, 2, 3, 1}).contiguous(), truth = labels.contiguous();
  FusedResult result;
  result.numerators.resize(static_cast<std::size_t>(rows.size(0)));
  result.denominators = image_denominators(truth);
  std::vector<double> scales = weights_;
  double denominator = 0;
  if (with_gradient) {
    for (const double part : result.denominators) denominator += part;
    for (double& scale : scales) scale = denominator > 0 ? scale / denominator : 0.0;
    result.gradient = torch::empty_like(rows);
  }
  if (rows.scalar_type() == torch::kFloat) {
    run_blocks<float>(rows, truth, scales, result);
  } else {
    run_blocks<double>(rows, truth, scales, result);
  }
  if (denominator > 0) {
    for (double& numerator : result.numerators) numerator *= denominator;
  }
  return result;
}

const Tensor& WeightedMean::weights_on(torch::Device device) const {
  if (!device_weights_.defined() || device_weights_.device() != device) {
    device_weights_ = torch::tensor(weights_, torch::kDouble).to(device);
  }
  return device_weights_;
}

/// w_i of each pixel, [N, P]; 0 where void.
Tensor WeightedMean::pixel_weights(const Tensor& labels) const {
  const Tensor is_void = labels == core::kVoidLabel;
  const Tensor truth = labels.to(torch::kLong).masked_fill(is_void, 0);
  Tensor weights = weights_on(labels.device()).index_select(0, truth.flatten()).view_as(labels);
  if (boundary_weight_ > 0) {
    const auto classes = static_cast<std::int64_t>(weights_.size());
    const Tensor away = distances_to_other_classes(labels, classes) / boundary_sigma_;
    weights = weights * (1 + boundary_weight_ * (-away.square() / 2).exp());
  }
  return weights.masked_fill(is_void, 0).flatten(1);
}

/// Which values, [N, P], are among the first ceil(share n) of the n candidates of their row.
Tensor largest_of(const Tensor& values, const Tensor& candidates, double share) {
  const torch::NoGradGuard no_grad;
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const Tensor order = std::get<1>(
      values.masked_fill(~candidates, kNever).sort(/*stable=*/true, /*dim=*/1, /*descending=*/true));
  const Tensor place = torch::arange(values.size(1), order.options()).expand_as(order).contiguous();
  const Tensor rank = torch::empty_like(order).scatter_(1, order, place);
  const Tensor kept = (candidates.sum(1, /*keepdim=*/true).to(torch::kDouble) * share).ceil();
  return candidates & (rank < kept);
}

Tensor WeightedMean::image_sums_of_tensors(const Tensor& logits, const Tensor& labels) const {
  const Tensor rows = logits.permute({0, 2, 3, 1}).reshape({-1, logits.size(1)});
  const Tensor is_void = labels.flatten(1) == core::kVoidLabel;
  const Tensor truth = labels.flatten().to(torch::kLong).masked_fill(is_void.flatten(), 0);
  const Tensor weights = pixel_weights(labels);
  const Tensor values = pixel_loss_->values(rows, truth).to(torch::kDouble).view_as(weights);
  const Tensor zero = torch::zeros({}, weights.options());
  Tensor weighted = torch::where(weights > 0, values * weights, zero), counted = weights;
  if (denominator_ == Denominator::kPixels) counted = (~is_void).to(torch::kDouble);
  if (denominator_ == Denominator::kAllPixels) counted = torch::ones_like(weights);
  if (hardest_ < 1) {
    const Tensor kept = largest_of(weighted, weights > 0, hardest_);
    weighted = weighted.masked_fill(~kept, 0);
    counted = counted.masked_fill(~(denominator_ == Denominator::kAllPixels ? kept | is_void : kept), 0);
  }
  return torch::stack({weighted.sum(1), counted.sum(1)}, 1);
}

Tensor WeightedMean::mean(const Tensor& logits, const Tensor& labels) const {
  return runs_fused(logits) ? FusedMean::apply(logits, labels, this) : Loss::mean(logits, labels);
}

Tensor WeightedMean::image_sums(const Tensor& logits, const Tensor& labels) const {
  const bool wants_gradient = torch::GradMode::is_enabled() && logits.requires_grad();
  if (wants_gradient || !runs_fused(logits)) return image_sums_of_tensors(logits, labels);
  const FusedResult result = run_fused(logits, labels, /*with_gradient=*/false);
  Tensor sums = torch::empty({logits.size(0), 2}, torch::kDouble);
  auto* data = sums.data_ptr<double>();
  for (std::size_t n = 0; n < result.numerators.size(); ++n) {
    data[2 * n] = result.numerators[n];
    data[2 * n + 1] = result.denominators[n];
  }
  return sums;
}

}  // namespace

double PixelLoss::evaluate(const PixelSpan<float>&, const double*) const {
  throw core::InternalError("this loss has no fused pass");
}
double PixelLoss::evaluate(const PixelSpan<double>&, const double*) const {
  throw core::InternalError("this loss has no fused pass");
}

std::unique_ptr<Loss> weighted_mean(std::unique_ptr<PixelLoss> pixel_loss, const core::Json& params,
                                    const LossOptions& options) {
  if (params.value("head", "") == kSigmoidPerClass) pixel_loss = per_class(std::move(pixel_loss));
  return std::make_unique<WeightedMean>(std::move(pixel_loss), params, options);
}

}  // namespace segbench::losses
