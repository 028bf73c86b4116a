// SPDX-License-Identifier: MIT
#include "architectures/torch/synchronised_norm.h"

#include <array>
#include <cstdint>

namespace segbench::architectures {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Mean and variance [C] over the values of all processes, and their number [1]; all float64.
struct Moments {
  Tensor mean, variance, count;
};

Moments moments_of(const Tensor& x, Reducer& reducer) {
  const std::array<std::int64_t, 3> all_but_channels = {0, 2, 3};
  const auto [variance, mean] = at::var_mean(x, all_but_channels, /*unbiased=*/false);
  const Tensor m = mean.to(torch::kDouble), v = variance.to(torch::kDouble);
  const double n = static_cast<double>(x.numel() / x.size(1));
  Tensor sums = at::cat({m * n, (v + m * m) * n, at::full({1}, n, m.options())});
  reducer.sum(sums);
  const std::int64_t channels = x.size(1);
  const Tensor count = sums.narrow(0, 2 * channels, 1);
  const Tensor all = sums.narrow(0, 0, channels) / count;
  return {all, (sums.narrow(0, channels, channels) / count - all * all).clamp_min(0), count};
}

void update(const NormTensors& tensors, const Moments& moments, double momentum) {
  const Tensor unbiased = moments.variance * (moments.count / (moments.count - 1));
  Tensor(tensors.moving_mean).mul_(1 - momentum).add_(moments.mean.to(tensors.moving_mean.dtype()), momentum);
  Tensor(tensors.moving_variance)
      .mul_(1 - momentum)
      .add_(unbiased.to(tensors.moving_variance.dtype()), momentum);
}

/// y = normalise(x, scale, bias); the other arguments have no gradient.
struct SynchronisedNorm : public torch::autograd::Function<SynchronisedNorm> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& scale, const Tensor& bias,
                        const Tensor& mean, const Tensor& variance, const Tensor& count, double epsilon,
                        std::int64_t reducer) {
    context->save_for_backward({x, scale, mean, variance, count});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["reducer"] = reducer;
    return at::batch_norm(x, scale, bias, mean, variance, /*training=*/false, 0.0, epsilon,
                          /*cudnn_enabled=*/false);
  }

  /// With fixed statistics dx is dy scale / deviation; the statistics' own share of it needs the sums of dy
  /// and of dy (x - mean) / deviation, which are the gradients of bias and scale.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &scale = saved[1], &mean = saved[2], &variance = saved[3], &count = saved[4];
    const double epsilon = context->saved_data["epsilon"].toDouble();
    auto& reducer = *reinterpret_cast<Reducer*>(context->saved_data["reducer"].toInt());
    const auto [fixed, of_scale, of_bias] =
        at::native_batch_norm_backward(gradients[0], x, scale, mean, variance, Tensor(), Tensor(),
                                       /*train=*/false, epsilon, {true, true, true});
    const std::int64_t channels = x.size(1);
    Tensor sums = at::cat({of_bias, of_scale}).to(torch::kDouble);
    reducer.sum(sums);
    const Tensor means = sums / count;
    const Tensor inverse = (variance.to(torch::kDouble) + epsilon).rsqrt();
    const Tensor factor = inverse * scale.to(torch::kDouble);
    const Tensor slope = -factor * inverse * means.narrow(0, channels, channels);
    const Tensor offset = -factor * means.narrow(0, 0, channels) - slope * mean.to(torch::kDouble);
    const auto by_channel = [&](const Tensor& values) {
      return values.to(x.dtype()).view({1, channels, 1, 1});
    };
    const Tensor of_x = Tensor(fixed).addcmul_(x, by_channel(slope)).add_(by_channel(offset));
    return {of_x, of_scale, of_bias, {}, {}, {}, {}, {}};
  }
};

}  // namespace

Tensor synchronised_batch_norm(const Tensor& x, const NormTensors& tensors, double momentum, double epsilon,
                               Reducer& reducer) {
  Tensor mean, variance, count;
  {
    const torch::NoGradGuard no_grad;
    const Moments moments = moments_of(x, reducer);
    update(tensors, moments, momentum);
    mean = moments.mean.to(x.dtype()), variance = moments.variance.to(x.dtype()), count = moments.count;
  }
  const Tensor scale =
      tensors.scale.defined() ? tensors.scale : at::ones_like(mean);  // a function takes no empty ones
  return SynchronisedNorm::apply(x, scale, tensors.bias, mean, variance, count, epsilon,
                                 reinterpret_cast<std::int64_t>(&reducer));
}

}  // namespace segbench::architectures
