// SPDX-License-Identifier: MIT
#include "architectures/torch/step.h"

#include <array>
#include <cmath>
#include <limits>

#include "architectures/torch/synchronised_norm.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;
using Pair = std::array<std::int64_t, 2>;

/// Runs the operation of one step; an overload for each.
struct Runner {
  const Step& step;
  const std::vector<Tensor>& values;

  const Tensor& input(std::size_t i = 0) const {
    return values[static_cast<std::size_t>(step.plan.inputs[i])];
  }

  Tensor operator()(const Input&) const { throw core::InternalError("the input is no step"); }

  Tensor operator()(const Conv2d& conv) const {
    const Tensor& x = input();
    const Tensor bias = conv.bias ? step.tensors[1] : Tensor();
    if (conv.kernel == 1 && conv.stride > 1 && step.plan.zero_padding == 0 && x.device().is_cpu()) {
      // oneDNN 2.6 (LibTorch 1.13) writes beyond its scratch memory in the backward pass of a strided 1x1
      // convolution of channels-last images whose channels do not fill its vectors; without a stride it does
      // not. The result is the same.
      return at::conv2d(x.slice(2, 0, x.size(2), conv.stride).slice(3, 0, x.size(3), conv.stride),
                        step.tensors[0], bias, Pair{1, 1}, Pair{0, 0}, Pair{1, 1}, conv.groups);
    }
    const Pair stride = {conv.stride, conv.stride}, dilation = {conv.dilation, conv.dilation};
    Pads rows = padding_of(conv.padding, x.size(2), conv.kernel, conv.stride, conv.dilation);
    Pads columns = padding_of(conv.padding, x.size(3), conv.kernel, conv.stride, conv.dilation);
    if (step.plan.zero_padding > 0) rows = columns = {step.plan.zero_padding, step.plan.zero_padding};
    if (rows.before == rows.after && columns.before == columns.after) {
      const Pair padding = {rows.before, columns.before};
      return at::conv2d(x, step.tensors[0], bias, stride, padding, dilation, conv.groups);
    }
    const std::array<std::int64_t, 4> uneven = {columns.before, columns.after, rows.before, rows.after};
    const Pair none = {0, 0};
    return at::conv2d(at::constant_pad_nd(x, uneven), step.tensors[0], bias, stride, none, dilation,
                      conv.groups);
  }

  Tensor operator()(const ConvTranspose2d& conv) const {
    const Tensor bias = conv.bias ? step.tensors[1] : Tensor();
    const Pads crop = transpose_cropping(conv.kernel, conv.stride);
    const Pair stride = {conv.stride, conv.stride}, padding = {crop.before, crop.before}, none = {0, 0};
    Tensor y = at::conv_transpose2d(input(), step.tensors[0], bias, stride, padding, none);
    if (crop.before != crop.after)
      y = y.narrow(2, 0, input().size(2) * conv.stride).narrow(3, 0, input().size(3) * conv.stride);
    return y.contiguous(input().suggest_memory_format());  // on CPU it comes back channels-first
  }

  /// LibTorch's momentum is 1 minus Keras', and like TensorFlow's fused kernel it updates the moving variance
  /// with the unbiased estimate. A batch with one value a channel has no variance: then the moving statistics
  /// stand in for it and are left as they are.
  Tensor operator()(const BatchNorm& norm) const {
    const Tensor& x = input();
    const bool has_variance = x.numel() > x.size(1), collects = step.sums != nullptr && has_variance;
    const bool batch_statistics = step.module->is_training() && !step.is_frozen && has_variance;
    const std::size_t bias = norm.scale ? 1 : 0;
    if (collects) {
      step.sums->add(x);
      return at::batch_norm(x, norm.scale ? step.tensors[0] : Tensor(), step.tensors[bias], Tensor(),
                            Tensor(),
                            /*training=*/true, 0.0, norm.epsilon, at::globalContext().userEnabledCuDNN());
    }
    if (step.reducer != nullptr && step.module->is_training() && !step.is_frozen) {
      return synchronised_batch_norm(x,
                                     {norm.scale ? step.tensors[0] : Tensor(), step.tensors[bias],
                                      step.tensors[bias + 1], step.tensors[bias + 2]},
                                     1 - norm.momentum, norm.epsilon, *step.reducer);
    }
    return at::batch_norm(x, norm.scale ? step.tensors[0] : Tensor(), step.tensors[bias],
                          step.tensors[bias + 1], step.tensors[bias + 2], batch_statistics, 1 - norm.momentum,
                          norm.epsilon, at::globalContext().userEnabledCuDNN());
  }

  Tensor operator()(const LayerNorm& norm) const {
    const Tensor& x = input();
    const std::array<std::int64_t, 1> channels = {x.size(1)};
    const Tensor y =
        at::layer_norm(x.permute({0, 2, 3, 1}), channels, step.tensors[0], step.tensors[1], norm.epsilon);
    return y.permute({0, 3, 1, 2}).contiguous(x.suggest_memory_format());
  }

  Tensor operator()(const GroupNorm& norm) const {
    return at::group_norm(input(), norm.groups, step.tensors[0], step.tensors[1], norm.epsilon,
                          at::globalContext().userEnabledCuDNN());
  }

  Tensor operator()(const Activation& activation) const {
    Tensor x = input();
    switch (activation.function) {
      case Function::kRelu:
        return step.plan.in_place ? x.relu_() : x.relu();
      case Function::kRelu6:
        return step.plan.in_place ? x.clamp_(0, 6) : x.clamp(0, 6);
      case Function::kSigmoid:
        return step.plan.in_place ? x.sigmoid_() : x.sigmoid();
      case Function::kTanh:
        return step.plan.in_place ? x.tanh_() : x.tanh();
      case Function::kSilu:
        return at::silu(x);  // its backward pass reads its input, as those of the following do
      case Function::kHardSwish:
        return at::hardswish(x);
      case Function::kHardSigmoid:
        return at::hardsigmoid(x);
      case Function::kGelu:
        return at::gelu(x);
    }
    throw core::InternalError("an unknown activation");
  }

  Tensor operator()(const MaxPool& pool) const {
    Tensor x = input();
    const Pads rows = padding_of(pool.padding, x.size(2), pool.kernel, pool.stride);
    const Pads columns = padding_of(pool.padding, x.size(3), pool.kernel, pool.stride);
    const Pair kernel = {pool.kernel, pool.kernel}, stride = {pool.stride, pool.stride};
    if (rows.before == rows.after && columns.before == columns.after) {
      const Pair padding = {rows.before, columns.before};
      return at::max_pool2d(x, kernel, stride, padding);
    }
    const std::array<std::int64_t, 4> uneven = {columns.before, columns.after, rows.before, rows.after};
    return at::max_pool2d(at::constant_pad_nd(x, uneven, -std::numeric_limits<double>::infinity()), kernel,
                          stride);
  }

  /// The gradient of the max pooling that made the other map small: it puts a value where each maximum was.
  Tensor operator()(const MaxUnpool& pool) const {
    const Tensor& pooled = input(1);
    const Pair kernel = {pool.kernel, pool.kernel}, none = {0, 0}, one = {1, 1};
    const Tensor places =
        std::get<1>(at::max_pool2d_with_indices(pooled.detach(), kernel, kernel, none, one, false));
    return at::max_pool2d_with_indices_backward(input(), pooled.detach(), kernel, kernel, none, one, false,
                                                places);
  }

  Tensor operator()(const AvgPool& pool) const {
    return average(pool.padding, {pool.kernel, pool.kernel}, {pool.stride, pool.stride});
  }

  Tensor operator()(const AdaptiveAvgPool& pool) const {
    const Pair bins = {pool.bins, pool.bins};
    return at::adaptive_avg_pool2d(input(), bins);
  }

  Tensor operator()(const PyramidAvgPool& pool) const {
    const Pair window = {pyramid_window(input().size(2), pool.bins),
                         pyramid_window(input().size(3), pool.bins)};
    return average(Padding::kSame, window, window);
  }

  Tensor operator()(const Upsample& up) const {
    const Tensor& x = input();
    const Pair size = up.factor > 0 ? Pair{x.size(2) * up.factor, x.size(3) * up.factor}
                                    : Pair{input(1).size(2), input(1).size(3)};
    if (size == Pair{x.size(2), x.size(3)}) return x;
    const Tensor y = up.mode == Resize::kNearest ? at::upsample_nearest2d(x, size)
                                                 : at::upsample_bilinear2d(x, size, false);
    // A single pixel does not tell whether it is channels-last.
    const bool follows = up.factor == 0 && x.size(2) == 1 && x.size(3) == 1;
    return follows ? y.contiguous(input(1).suggest_memory_format()) : y;
  }

  Tensor operator()(const Dropout& dropout) const {
    return step.module->is_training() ? at::dropout(input(), dropout.rate, true) : input();
  }

  Tensor operator()(const DropPath& drop) const {
    const Tensor& x = input();
    if (!step.module->is_training() || drop.rate == 0) return x;
    const double kept = 1 - drop.rate;
    const Tensor mask = at::empty({x.size(0), 1, 1, 1}, x.options()).bernoulli_(kept).div_(kept);
    return x.mul(mask);
  }

  Tensor operator()(const Multiply&) const { return input().mul(input(1)); }

  /// As [N, heads, pixels, channels of a head].
  static Tensor by_head(const Tensor& x, std::int64_t heads) {
    return x.reshape({x.size(0), heads, x.size(1) / heads, x.size(2) * x.size(3)}).transpose(2, 3);
  }

  Tensor operator()(const Attention& attention) const {
    const Tensor& x = input();
    const double scale = 1 / std::sqrt(static_cast<double>(x.size(1)) / attention.heads);
    const Tensor queries = by_head(x, attention.heads).mul(scale);
    const Tensor keys = by_head(input(1), attention.heads), read = by_head(input(2), attention.heads);
    const Tensor weights = at::softmax(at::matmul(queries, keys.transpose(2, 3)), 3);
    const Tensor y = at::matmul(weights, read).transpose(2, 3);
    return y.reshape(x.sizes()).contiguous(x.suggest_memory_format());
  }

  Tensor operator()(const Add&) const {
    Tensor x = input();
    return step.plan.in_place ? x.add_(input(1)) : x.add(input(1));
  }

  Tensor operator()(const Concat&) const {
    c10::SmallVector<Tensor, 8> parts;
    for (std::size_t i = 0; i < step.plan.inputs.size(); ++i) parts.push_back(input(i));
    return at::cat(at::TensorList(parts.data(), parts.size()), 1);
  }

  Tensor operator()(const ZeroPad& pad) const {
    const int before = pad.at_end_only ? 0 : pad.amount;
    const std::array<std::int64_t, 4> sides = {before, pad.amount, before, pad.amount};
    return at::constant_pad_nd(input(), sides);
  }

  Tensor operator()(const PadToMultiple& pad) const {
    const Tensor& x = input();
    const std::array<std::int64_t, 4> sides = {0, padding_to_multiple(x.size(3), pad.multiple), 0,
                                               padding_to_multiple(x.size(2), pad.multiple)};
    return sides[1] == 0 && sides[3] == 0 ? x : at::constant_pad_nd(x, sides);
  }

  Tensor operator()(const CropLike&) const {
    const Tensor& x = input();
    const Tensor& like = input(1);
    if (x.size(2) == like.size(2) && x.size(3) == like.size(3)) return x;
    return x.narrow(2, 0, like.size(2)).narrow(3, 0, like.size(3));
  }

  /// Means without the padded pixels. LibTorch pads both sides alike: for "same" the smaller side is given
  /// and the window that hangs over the end is kept (ceil_mode).
  Tensor average(Padding padding, Pair kernel, Pair stride) const {
    const Tensor& x = input();
    const auto before = [&](std::size_t axis) {
      return padding_of(padding, x.size(static_cast<std::int64_t>(axis) + 2), static_cast<int>(kernel[axis]),
                        static_cast<int>(stride[axis]))
          .before;
    };
    const Pair pads = {before(0), before(1)};
    return at::avg_pool2d(x, kernel, stride, pads, padding == Padding::kSame, false);
  }
};

}  // namespace

void BatchNormSums::add(const Tensor& x) {
  const std::array<std::int64_t, 3> all_but_channels = {0, 2, 3};
  const auto [variance, average] = at::var_mean(x, all_but_channels, /*unbiased=*/false);
  const double n = static_cast<double>(x.numel() / x.size(1));
  const Tensor m = average.to(torch::kDouble), v = variance.to(torch::kDouble);
  if (!mean.defined()) {
    mean = at::zeros_like(m);
    square = at::zeros_like(m);
  }
  mean.add_(m, n);
  square.add_(v + m * m, n);
  count += n;
}

Tensor run_step(const Step& step, const std::vector<Tensor>& values) {
  return std::visit(Runner{step, values}, step.op);
}

}  // namespace segbench::architectures
