// SPDX-License-Identifier: MIT
#include "architectures/graph/ops.h"
#include "architectures/graph/overloaded.h"
#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

/// The number of windows along one axis.
std::int64_t windows(std::int64_t size, int kernel, int stride, int dilation, Padding padding) {
  const std::int64_t extent = std::int64_t{dilation} * (kernel - 1) + 1;
  const std::int64_t padded = size + padding_of(padding, size, kernel, stride, dilation).total();
  SEGBENCH_CHECK(padded >= extent, "a window of {} does not fit into {} pixels", extent, padded);
  return (padded - extent) / stride + 1;
}

Shape windowed(const Shape& x, std::int64_t channels, int kernel, int stride, int dilation, Padding padding) {
  return {channels, windows(x.height, kernel, stride, dilation, padding),
          windows(x.width, kernel, stride, dilation, padding)};
}

Shape concatenated(std::span<const Shape> inputs) {
  Shape out{0, inputs[0].height, inputs[0].width};
  for (const Shape& x : inputs) {
    SEGBENCH_CHECK(x.height == out.height && x.width == out.width, "concat of {} x {} and {} x {} pixels",
                   out.height, out.width, x.height, x.width);
    out.channels += x.channels;
  }
  return out;
}

Shape added(std::span<const Shape> inputs) {
  for (const Shape& x : inputs) {
    SEGBENCH_CHECK(x == inputs[0], "add of {} x {} x {} and {} x {} x {} values", inputs[0].channels,
                   inputs[0].height, inputs[0].width, x.channels, x.height, x.width);
  }
  return inputs[0];
}

Shape multiplied(const Shape& x, const Shape& y) {
  const bool by_pixel =
      (y.channels == 1 || y.channels == x.channels) && y.height == x.height && y.width == x.width;
  const bool by_channel = y.channels == x.channels && y.height == 1 && y.width == 1;
  SEGBENCH_CHECK(by_pixel || by_channel, "{} x {} x {} values times {} x {} x {}", x.channels, x.height,
                 x.width, y.channels, y.height, y.width);
  return x;
}

Shape attended(const Attention& attention, std::span<const Shape> inputs) {
  SEGBENCH_CHECK(inputs.size() == 3 && inputs[1] == inputs[2] && inputs[0].channels == inputs[1].channels &&
                     inputs[0].channels % attention.heads == 0,
                 "an attention of {} heads whose queries, keys and values do not fit", attention.heads);
  return inputs[0];
}

Shape unpooled(const MaxUnpool& pool, std::span<const Shape> inputs) {
  SEGBENCH_CHECK(inputs.size() == 2 && inputs[0].channels == inputs[1].channels &&
                     inputs[0].height == inputs[1].height / pool.kernel &&
                     inputs[0].width == inputs[1].width / pool.kernel,
                 "an unpooling of a map that was not pooled from the other");
  return inputs[1];
}

Shape pyramid_pooled(const Shape& x, int bins) {
  const int height = pyramid_window(x.height, bins), width = pyramid_window(x.width, bins);
  return {x.channels, windows(x.height, height, height, 1, Padding::kSame),
          windows(x.width, width, width, 1, Padding::kSame)};
}

}  // namespace

Shape output_shape(const Op& op, std::span<const Shape> inputs) {
  SEGBENCH_CHECK(!inputs.empty(), "an operation without input");
  const Shape& x = inputs[0];
  return std::visit(
      Overloaded{
          [&](const Conv2d& conv) {
            SEGBENCH_CHECK(
                conv.filters > 0 && x.channels % conv.groups == 0 && conv.filters % conv.groups == 0,
                "{} filters on {} channels in {} groups", conv.filters, x.channels, conv.groups);
            return windowed(x, conv.filters, conv.kernel, conv.stride, conv.dilation, conv.padding);
          },
          [&](const ConvTranspose2d& conv) {
            SEGBENCH_CHECK(conv.filters > 0 && conv.kernel >= conv.stride,
                           "a transposed convolution with gaps");
            return Shape{conv.filters, x.height * conv.stride, x.width * conv.stride};
          },
          [&](const MaxPool& pool) {
            return windowed(x, x.channels, pool.kernel, pool.stride, 1, pool.padding);
          },
          [&](const MaxUnpool& pool) { return unpooled(pool, inputs); },
          [&](const AvgPool& pool) {
            return windowed(x, x.channels, pool.kernel, pool.stride, 1, pool.padding);
          },
          [&](const AdaptiveAvgPool& pool) {
            return Shape{x.channels, pool.bins, pool.bins};
          },
          [&](const PyramidAvgPool& pool) { return pyramid_pooled(x, pool.bins); },
          [&](const Upsample& up) {
            if (up.factor > 0) return Shape{x.channels, x.height * up.factor, x.width * up.factor};
            SEGBENCH_CHECK(inputs.size() == 2, "up-sampling to the size of nothing");
            return Shape{x.channels, inputs[1].height, inputs[1].width};
          },
          [&](const Add&) { return added(inputs); },
          [&](const Multiply&) {
            SEGBENCH_CHECK(inputs.size() == 2, "a product of {} factors", inputs.size());
            return multiplied(x, inputs[1]);
          },
          [&](const Attention& attention) { return attended(attention, inputs); },
          [&](const Concat&) { return concatenated(inputs); },
          [&](const ZeroPad& pad) {
            const int total = pad.at_end_only ? pad.amount : 2 * pad.amount;
            return Shape{x.channels, x.height + total, x.width + total};
          },
          [&](const PadToMultiple& pad) {
            return Shape{x.channels, x.height + padding_to_multiple(x.height, pad.multiple),
                         x.width + padding_to_multiple(x.width, pad.multiple)};
          },
          [&](const CropLike&) {
            SEGBENCH_CHECK(inputs.size() == 2 && inputs[1].height <= x.height && inputs[1].width <= x.width,
                           "a crop to something larger");
            return Shape{x.channels, inputs[1].height, inputs[1].width};
          },
          [&](const GroupNorm& norm) {
            SEGBENCH_CHECK(norm.groups > 0 && x.channels % norm.groups == 0, "{} channels in {} groups",
                           x.channels, norm.groups);
            return x;
          },
          [&](const auto&) { return x; },  // input, other norms, activation, dropouts
      },
      op);
}

}  // namespace segbench::architectures
