// SPDX-License-Identifier: MIT
#include "architectures/torch/synchronised_norm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "architectures/torch/channel_passes.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Of the values of all processes: mean and variance [C] in the type of x, and their number [1], float64.
struct Statistics {
  Tensor mean, variance, count;
};

/// [2 C + 1] float64, over the processes: of x, of its squares, and the number of values of a channel.
Tensor sums_of(const Tensor& x, Reducer& reducer) {
  const std::int64_t channels = x.size(1);
  const double n = static_cast<double>(x.numel() / channels);
  Tensor sums;
  if (has_channel_passes(x)) {
    sums = at::empty({2 * channels + 1}, torch::kDouble);
    channel_sums(x, x, sums.data_ptr<double>());
    sums.data_ptr<double>()[2 * channels] = n;
  } else {
    const std::array<std::int64_t, 3> all_but_channels = {0, 2, 3};
    const auto [variance, mean] = at::var_mean(x, all_but_channels, /*unbiased=*/false);
    const Tensor m = mean.to(torch::kDouble), v = variance.to(torch::kDouble);
    sums = at::cat({m * n, (v + m * m) * n, at::full({1}, n, m.options())});
  }
  reducer.sum(sums);
  return sums;
}

/// The statistics, with which the moving ones are updated.
Statistics settle(const Tensor& sums, const Tensor& x, const NormTensors& tensors, double momentum) {
  const std::int64_t channels = x.size(1);
  const Tensor count = sums.narrow(0, 2 * channels, 1);
  const Tensor mean = sums.narrow(0, 0, channels) / count;
  const Tensor variance = (sums.narrow(0, channels, channels) / count - mean * mean).clamp_min(0);
  const Tensor unbiased = variance * (count / (count - 1));
  Tensor(tensors.moving_mean).mul_(1 - momentum).add_(mean.to(tensors.moving_mean.dtype()), momentum);
  Tensor(tensors.moving_variance)
      .mul_(1 - momentum)
      .add_(unbiased.to(tensors.moving_variance.dtype()), momentum);
  return {mean.to(x.dtype()), variance.to(x.dtype()), count};
}

/// The same on the CPU, where an operation of LibTorch costs more than all the channels of most layers.
Statistics settle_at_once(const Tensor& sums, const Tensor& x, const NormTensors& tensors, double momentum) {
  const std::int64_t channels = x.size(1);
  Statistics found{at::empty({channels}, x.options()), at::empty({channels}, x.options()),
                   sums.narrow(0, 2 * channels, 1)};
  const double *of_x = sums.data_ptr<double>(), *of_squares = of_x + channels, count = of_x[2 * channels];
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "settle", [&] {
    auto *means = found.mean.data_ptr<scalar_t>(), *variances = found.variance.data_ptr<scalar_t>(),
         *moving_mean = tensors.moving_mean.data_ptr<scalar_t>(),
         *moving_variance = tensors.moving_variance.data_ptr<scalar_t>();
    const auto kept = static_cast<scalar_t>(1 - momentum), share = static_cast<scalar_t>(momentum);
    for (std::int64_t c = 0; c < channels; ++c) {
      const double mean = of_x[c] / count, variance = std::max(0.0, of_squares[c] / count - mean * mean);
      means[c] = static_cast<scalar_t>(mean);
      variances[c] = static_cast<scalar_t>(variance);
      moving_mean[c] = moving_mean[c] * kept + means[c] * share;
      moving_variance[c] =
          moving_variance[c] * kept + static_cast<scalar_t>(variance * (count / (count - 1))) * share;
    }
  });
  return found;
}

/// The gradients of x, of the scale and of the bias; the last two of this process's part.
struct Gradients {
  Tensor of_x, of_scale, of_bias;
};

/// With fixed statistics dx is dy scale / deviation; the statistics' own share of it needs the sums of dy
/// and of dy (x - mean) / deviation, which are the gradients of bias and scale.
Gradients gradients_of(const Tensor& dy, const Tensor& x, const Tensor& scale, const Statistics& statistics,
                       double epsilon, Reducer& reducer) {
  const auto& [mean, variance, count] = statistics;
  const auto [fixed, of_scale, of_bias] =
      at::native_batch_norm_backward(dy, x, scale, mean, variance, Tensor(), Tensor(),
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
  return {Tensor(fixed).addcmul_(x, by_channel(slope)).add_(by_channel(offset)), of_scale, of_bias};
}

/// The same on the CPU in two passes: the sums of dy and of dy x tell that of dy (x - mean).
Gradients gradients_at_once(const Tensor& dy, const Tensor& x, const Tensor& scale,
                            const Statistics& statistics, double epsilon, Reducer& reducer) {
  const std::int64_t channels = x.size(1);
  const auto size = static_cast<std::size_t>(channels);
  Gradients found{{}, at::empty({channels}, x.options()), at::empty({channels}, x.options())};
  ChannelLine line{std::vector<double>(size), std::vector<double>(size), std::vector<double>(size),
                   std::vector<double>(size)};
  Tensor sums = at::empty({2 * channels}, torch::kDouble);
  auto *of_dy = sums.data_ptr<double>(), *of_products = of_dy + channels;
  channel_sums(dy, x, of_dy);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "gradients_at_once", [&] {
    const auto *means = statistics.mean.data_ptr<scalar_t>(),
               *variances = statistics.variance.data_ptr<scalar_t>(), *scales = scale.data_ptr<scalar_t>();
    std::vector<double> inverse(size);
    for (std::size_t c = 0; c < size; ++c) {
      line.mean[c] = static_cast<double>(means[c]);
      inverse[c] = 1 / std::sqrt(static_cast<double>(variances[c]) + epsilon);
      of_products[c] -= line.mean[c] * of_dy[c];
      found.of_bias.data_ptr<scalar_t>()[c] = static_cast<scalar_t>(of_dy[c]);
      found.of_scale.data_ptr<scalar_t>()[c] = static_cast<scalar_t>(of_products[c] * inverse[c]);
    }
    reducer.sum(sums);
    const double count = statistics.count.data_ptr<double>()[0];
    for (std::size_t c = 0; c < size; ++c) {
      line.factor[c] = static_cast<double>(scales[c]) * inverse[c];
      line.slope[c] = -line.factor[c] * inverse[c] * inverse[c] * of_products[c] / count;
      line.offset[c] = -line.factor[c] * of_dy[c] / count;
    }
  });
  found.of_x = channel_line(dy, x, line);
  return found;
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

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &scale = saved[1];
    const Statistics statistics{saved[2], saved[3], saved[4]};
    const double epsilon = context->saved_data["epsilon"].toDouble();
    auto& reducer = *reinterpret_cast<Reducer*>(context->saved_data["reducer"].toInt());
    const Tensor dy = gradients[0].contiguous(format_of(x));
    const auto [of_x, of_scale, of_bias] = has_channel_passes(x)
                                               ? gradients_at_once(dy, x, scale, statistics, epsilon, reducer)
                                               : gradients_of(dy, x, scale, statistics, epsilon, reducer);
    return {of_x, of_scale, of_bias, {}, {}, {}, {}, {}};
  }
};

}  // namespace

Tensor synchronised_batch_norm(const Tensor& images, const NormTensors& tensors, double momentum,
                               double epsilon, Reducer& reducer) {
  const bool is_reduced = images.scalar_type() != torch::kFloat && images.scalar_type() != torch::kDouble;
  const Tensor typed = is_reduced ? images.to(torch::kFloat) : images;
  const Tensor x = typed.contiguous(format_of(typed));
  Statistics statistics;
  {
    const torch::NoGradGuard no_grad;
    const Tensor sums = sums_of(x, reducer);
    statistics = has_channel_passes(x) ? settle_at_once(sums, x, tensors, momentum)
                                       : settle(sums, x, tensors, momentum);
  }
  const Tensor scale = tensors.scale.defined()
                           ? tensors.scale
                           : at::ones_like(statistics.mean);  // a function takes no empty ones
  return SynchronisedNorm::apply(x, scale, tensors.bias, statistics.mean, statistics.variance,
                                 statistics.count, epsilon, reinterpret_cast<std::int64_t>(&reducer));
}

}  // namespace segbench::architectures
