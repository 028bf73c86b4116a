// SPDX-License-Identifier: MIT
#include "architectures/script/expression.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.h"

namespace segbench::architectures::script {
namespace {

/// The expression of one step; an overload for each operation.
struct Writer {
  const Graph& graph;
  const Arguments& with;

  const Node& node() const { return graph.at({with.step.node}); }
  const Shape& input_shape(std::size_t i = 0) const { return graph.at({with.step.inputs[i]}).shape; }
  const std::string& x(std::size_t i = 0) const { return with.inputs[i]; }
  std::string nn() const { return with.dialect == Dialect::kPython ? "nn" : "torch"; }
  std::string bias(bool has) const { return has ? with.tensors[1] : "None"; }
  /// "relu" or "relu_".
  std::string maybe_in_place(const char* name) const {
    return name + std::string(with.step.in_place && with.dialect == Dialect::kPython ? "_" : "");
  }
  static std::string padded(const std::string& x, const Pads& rows, const Pads& columns, const char* value) {
    return fmt::format("torch.constant_pad_nd({}, [{}, {}, {}, {}], {})", x, columns.before, columns.after,
                       rows.before, rows.after, value);
  }

  std::string operator()(const Input&) const { throw core::InternalError("the input is no step"); }

  std::string operator()(const Conv2d& conv) const {
    const int taken = with.step.zero_padding;
    const Shape& in = input_shape();
    Pads rows = padding_of(conv.padding, in.height, conv.kernel, conv.stride, conv.dilation);
    Pads columns = padding_of(conv.padding, in.width, conv.kernel, conv.stride, conv.dilation);
    if (taken > 0) rows = columns = {taken, taken};
    const bool even = rows.before == rows.after && columns.before == columns.after;
    return fmt::format("torch.conv2d({}, {}, {}, [{}, {}], [{}, {}], [{}, {}], {})",
                       even ? x() : padded(x(), rows, columns, "0.0"), with.tensors[0], bias(conv.bias),
                       conv.stride, conv.stride, even ? rows.before : 0, even ? columns.before : 0,
                       conv.dilation, conv.dilation, conv.groups);
  }

  std::string operator()(const ConvTranspose2d& conv) const {
    const Pads crop = transpose_cropping(conv.kernel, conv.stride);
    const std::string y =
        fmt::format("torch.conv_transpose2d({}, {}, {}, [{}, {}], [{}, {}])", x(), with.tensors[0],
                    bias(conv.bias), conv.stride, conv.stride, crop.before, crop.before);
    if (crop.before == crop.after) return y;
    return cropped(y, node().shape);
  }

  std::string operator()(const BatchNorm& norm) const {
    const std::size_t bias = norm.scale ? 1 : 0;
    return fmt::format("torch.batch_norm({}, {}, {}, {}, {}, False, 0.0, {}, True)", x(),
                       norm.scale ? with.tensors[0] : "None", with.tensors[bias], with.tensors[bias + 1],
                       with.tensors[bias + 2], norm.epsilon);
  }

  std::string operator()(const LayerNorm& norm) const {
    return fmt::format("torch.layer_norm({}.permute([0, 2, 3, 1]), [{}], {}, {}, {}).permute([0, 3, 1, 2])",
                       x(), input_shape().channels, with.tensors[0], with.tensors[1], norm.epsilon);
  }

  std::string operator()(const GroupNorm& norm) const {
    return fmt::format("torch.group_norm({}, {}, {}, {}, {})", x(), norm.groups, with.tensors[0],
                       with.tensors[1], norm.epsilon);
  }

  std::string operator()(const Activation& activation) const {
    switch (activation.function) {
      case Function::kRelu:
        return fmt::format("torch.{}({})", maybe_in_place("relu"), x());
      case Function::kRelu6:
        return fmt::format("torch.{}({}, 0.0, 6.0)", maybe_in_place("clamp"), x());
      case Function::kSigmoid:
        return fmt::format("torch.{}({})", maybe_in_place("sigmoid"), x());
      case Function::kTanh:
        return fmt::format("torch.{}({})", maybe_in_place("tanh"), x());
      case Function::kSilu:
        return fmt::format("{}.silu({})", nn(), x());
      case Function::kHardSwish:
        return fmt::format("{}.hardswish({})", nn(), x());
      case Function::kHardSigmoid:
        return fmt::format("{}.hardsigmoid({})", nn(), x());
      case Function::kGelu:
        return fmt::format("{}.gelu({})", nn(), x());
    }
    throw core::InternalError("an unknown activation");
  }

  std::string operator()(const MaxPool& pool) const {
    const Pads rows = padding_of(pool.padding, input_shape().height, pool.kernel, pool.stride);
    const Pads columns = padding_of(pool.padding, input_shape().width, pool.kernel, pool.stride);
    const bool even = rows.before == rows.after && columns.before == columns.after;
    return fmt::format("torch.max_pool2d({}, [{}, {}], [{}, {}], [{}, {}])",
                       even ? x() : padded(x(), rows, columns, "float(\"-inf\")"), pool.kernel, pool.kernel,
                       pool.stride, pool.stride, even ? rows.before : 0, even ? columns.before : 0);
  }

  std::string operator()(const MaxUnpool& pool) const {
    return fmt::format(
        "{0}.max_unpool2d({1}, {0}.max_pool2d_with_indices({2}, [{3}, {3}], [{3}, {3}])[1], "
        "[{4}, {5}])",
        nn(), x(), x(1), pool.kernel, node().shape.height, node().shape.width);
  }

  std::string operator()(const AvgPool& pool) const {
    return average(pool.padding, pool.kernel, pool.kernel, pool.stride, pool.stride);
  }

  std::string operator()(const AdaptiveAvgPool& pool) const {
    return fmt::format("{}.adaptive_avg_pool2d({}, [{}, {}])", nn(), x(), pool.bins, pool.bins);
  }

  std::string operator()(const PyramidAvgPool& pool) const {
    const int height = pyramid_window(input_shape().height, pool.bins);
    const int width = pyramid_window(input_shape().width, pool.bins);
    return average(Padding::kSame, height, width, height, width);
  }

  std::string operator()(const Upsample& up) const {
    const Shape& out = node().shape;
    if (out == input_shape()) return x();
    if (up.mode == Resize::kNearest)
      return fmt::format("{}.upsample_nearest2d({}, [{}, {}], None)", nn(), x(), out.height, out.width);
    return fmt::format("{}.upsample_bilinear2d({}, [{}, {}], False, None)", nn(), x(), out.height, out.width);
  }

  std::string operator()(const Dropout&) const { return x(); }
  std::string operator()(const DropPath&) const { return x(); }
  std::string operator()(const Multiply&) const { return fmt::format("{} * {}", x(), x(1)); }
  std::string operator()(const Add&) const {
    return with.step.in_place && with.dialect == Dialect::kPython ? fmt::format("{}.add_({})", x(), x(1))
                                                                  : fmt::format("{} + {}", x(), x(1));
  }

  std::string operator()(const Concat&) const {
    return fmt::format("torch.cat([{}], 1)", fmt::join(with.inputs, ", "));
  }

  std::string operator()(const Attention& attention) const {
    const std::int64_t size = node().shape.channels / attention.heads;
    const auto by_head = [&](std::size_t i) {
      const Shape& in = input_shape(i);
      return fmt::format("{}.reshape([-1, {}, {}, {}]).transpose(2, 3)", x(i), attention.heads, size,
                         in.height * in.width);
    };
    return fmt::format(
        "torch.matmul(torch.softmax(torch.matmul({} * ({} ** -0.5), {}.transpose(2, 3)), 3), "
        "{}).transpose(2, 3).reshape([-1, {}, {}, {}])",
        by_head(0), fmt::format("{}.0", size), by_head(1), by_head(2), node().shape.channels,
        node().shape.height, node().shape.width);
  }

  std::string operator()(const ZeroPad& pad) const {
    const Pads sides{pad.at_end_only ? 0 : pad.amount, pad.amount};
    return padded(x(), sides, sides, "0.0");
  }

  std::string operator()(const PadToMultiple& pad) const {
    const Pads rows{0, padding_to_multiple(input_shape().height, pad.multiple)};
    const Pads columns{0, padding_to_multiple(input_shape().width, pad.multiple)};
    return rows.after == 0 && columns.after == 0 ? x() : padded(x(), rows, columns, "0.0");
  }

  std::string operator()(const CropLike&) const {
    return node().shape == input_shape() ? x() : cropped(x(), node().shape);
  }

  static std::string cropped(const std::string& x, const Shape& shape) {
    return fmt::format("{}.narrow(2, 0, {}).narrow(3, 0, {})", x, shape.height, shape.width);
  }

  /// Padded pixels do not count; the window that hangs over the end is kept, as step.cpp has it.
  std::string average(Padding padding, int height, int width, int down, int right) const {
    const Pads rows = padding_of(padding, input_shape().height, height, down);
    const Pads columns = padding_of(padding, input_shape().width, width, right);
    return fmt::format("{}.avg_pool2d({}, [{}, {}], [{}, {}], [{}, {}], {}, False)", nn(), x(), height, width,
                       down, right, rows.before, columns.before,
                       padding == Padding::kSame ? "True" : "False");
  }
};

}  // namespace

std::string expression(const Graph& graph, const Arguments& arguments) {
  return std::visit(Writer{graph, arguments}, graph.at({arguments.step.node}).op);
}

}  // namespace segbench::architectures::script
