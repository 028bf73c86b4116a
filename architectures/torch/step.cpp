// SPDX-License-Identifier: MIT
#include "architectures/torch/step.h"

#include <array>

#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;
using Pair = std::array<std::int64_t, 2>;

/// Runs the operation of one step; an overload for each.
struct Runner {
  const Step& step;
  const std::vector<Tensor>& values;

  const Tensor& input(std::size_t i = 0) const { return values[static_cast<std::size_t>(step.inputs[i])]; }

  Tensor operator()(const Input&) const { throw core::InternalError("the input is no step"); }

  Tensor operator()(const Conv2d& conv) const {
    const Tensor& x = input();
    const Tensor bias = conv.bias ? step.tensors[1] : Tensor();
    if (conv.kernel == 1 && conv.stride > 1 && step.zero_padding == 0 && x.device().is_cpu()) {
      // oneDNN 2.6 (LibTorch 1.13) writes beyond its scratch memory in the backward pass of a strided 1x1
      // convolution of channels-last images whose channels do not fill its vectors; without a stride it does
      // not. The result is the same.
      return at::conv2d(x.slice(2, 0, x.size(2), conv.stride).slice(3, 0, x.size(3), conv.stride),
                        step.tensors[0], bias, Pair{1, 1}, Pair{0, 0}, Pair{1, 1}, conv.groups);
    }
    const Pair stride = {conv.stride, conv.stride}, dilation = {conv.dilation, conv.dilation};
    Pads rows{step.zero_padding, step.zero_padding}, columns = rows;
    if (conv.padding == Padding::kSame) {
      rows = same_padding(x.size(2), conv.kernel, conv.stride, conv.dilation);
      columns = same_padding(x.size(3), conv.kernel, conv.stride, conv.dilation);
    }
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
    const Tensor y = at::conv_transpose2d(input(), step.tensors[0], bias, stride, padding, none);
    if (crop.before == crop.after) return y;
    return y.narrow(2, 0, input().size(2) * conv.stride).narrow(3, 0, input().size(3) * conv.stride);
  }

  /// LibTorch's momentum is 1 minus Keras', and like TensorFlow's fused kernel it updates the moving variance
  /// with the unbiased estimate. A batch with one value a channel has no variance: then the moving statistics
  /// stand in for it and are left as they are.
  Tensor operator()(const BatchNorm& norm) const {
    const Tensor& x = input();
    const bool batch_statistics = step.module->is_training() && x.numel() > x.size(1);
    return at::batch_norm(x, step.tensors[0], step.tensors[1], step.tensors[2], step.tensors[3],
                          batch_statistics, 1 - norm.momentum, norm.epsilon,
                          at::globalContext().userEnabledCuDNN());
  }

  Tensor operator()(const Activation& activation) const {
    Tensor x = input();
    switch (activation.function) {
      case Function::kRelu:
        return step.in_place ? x.relu_() : x.relu();
      case Function::kRelu6:
        return step.in_place ? x.clamp_(0, 6) : x.clamp(0, 6);
      case Function::kSigmoid:
        return step.in_place ? x.sigmoid_() : x.sigmoid();
      case Function::kTanh:
        return step.in_place ? x.tanh_() : x.tanh();
      case Function::kSilu:
        return at::silu(x);  // its backward pass reads its input
    }
    throw core::InternalError("an unknown activation");
  }

  Tensor operator()(const MaxPool& pool) const {
    const Pair kernel = {pool.kernel, pool.kernel}, stride = {pool.stride, pool.stride};
    return at::max_pool2d(input(), kernel, stride);
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
    return up.mode == Resize::kNearest ? at::upsample_nearest2d(x, size)
                                       : at::upsample_bilinear2d(x, size, false);
  }

  Tensor operator()(const Dropout& dropout) const {
    return step.module->is_training() ? at::dropout(input(), dropout.rate, true) : input();
  }

  Tensor operator()(const Add&) const {
    Tensor x = input();
    return step.in_place ? x.add_(input(1)) : x.add(input(1));
  }

  Tensor operator()(const Concat&) const {
    c10::SmallVector<Tensor, 8> parts;
    for (std::size_t i = 0; i < step.inputs.size(); ++i) parts.push_back(input(i));
    return at::cat(at::TensorList(parts.data(), parts.size()), 1);
  }

  Tensor operator()(const ZeroPad& pad) const {
    const std::array<std::int64_t, 4> sides = {pad.amount, pad.amount, pad.amount, pad.amount};
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
    Pair before = {0, 0};
    if (padding == Padding::kSame) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        before[axis] = same_padding(x.size(static_cast<std::int64_t>(axis) + 2),
                                    static_cast<int>(kernel[axis]), static_cast<int>(stride[axis]))
                           .before;
      }
    }
    return at::avg_pool2d(x, kernel, stride, before, padding == Padding::kSame, false);
  }
};

}  // namespace

Tensor run_step(const Step& step, const std::vector<Tensor>& values) {
  return std::visit(Runner{step, values}, step.op);
}

}  // namespace segbench::architectures
