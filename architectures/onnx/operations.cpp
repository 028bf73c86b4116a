// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "architectures/onnx/emitter.h"
#include "harness/core/error.h"

// Each operation as operators of ONNX: https://onnx.ai/onnx/operators.

namespace segbench::architectures::onnx {
namespace {

using Names = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;

Integers pair_of(std::int64_t value) {
  return {value, value};
}

/// Top, left, bottom, right, as ONNX orders them.
Integers pads_of(const Pads& rows, const Pads& columns) {
  return {rows.before, columns.before, rows.after, columns.after};
}

Integers window_pads(const Shape& x, Padding padding, int kernel, int stride, int dilation = 1) {
  return pads_of(padding_of(padding, x.height, kernel, stride, dilation),
                 padding_of(padding, x.width, kernel, stride, dilation));
}

/// An overload for each operation.
struct Writer {
  Emitter& out;
  const Names& inputs;

  const std::string& x() const { return inputs[0]; }

  std::string operator()(const Input&) const { throw core::InternalError("the input is no step"); }

  std::string operator()(const Conv2d& conv) const {
    const int taken_over = out.step().zero_padding;
    const Integers pads = taken_over > 0 ? Integers(4, taken_over)
                                         : window_pads(out.input_shape(), conv.padding, conv.kernel,
                                                       conv.stride, conv.dilation);
    return convolution("Conv", {{"kernel_shape", pair_of(conv.kernel)},
                                {"strides", pair_of(conv.stride)},
                                {"dilations", pair_of(conv.dilation)},
                                {"group", conv.groups},
                                {"pads", pads}});
  }

  /// Cropped afterwards where the sides differ, which some runtimes do not take as padding.
  std::string operator()(const ConvTranspose2d& conv) const {
    const Pads crop = transpose_cropping(conv.kernel, conv.stride);
    const bool even = crop.before == crop.after;
    const std::string y = convolution("ConvTranspose", {{"kernel_shape", pair_of(conv.kernel)},
                                                        {"strides", pair_of(conv.stride)},
                                                        {"pads", Integers(4, crop.before)}});
    return even ? y : cropped(y, out.node().shape);
  }

  std::string operator()(const BatchNorm& norm) const {
    const Integers channels = {out.node().shape.channels};
    const std::string scale =
        norm.scale
            ? out.tensor("weight")
            : out.floats("weight", channels, std::vector<float>(static_cast<std::size_t>(channels[0]), 1));
    return out.call("BatchNormalization",
                    {x(), scale, out.tensor("bias"), out.tensor("running_mean"), out.tensor("running_var")},
                    {{"epsilon", static_cast<float>(norm.epsilon)}});
  }

  std::string operator()(const LayerNorm& norm) const { return emit_layer_norm(out, norm, x()); }
  std::string operator()(const GroupNorm& norm) const { return emit_group_norm(out, norm, x()); }
  std::string operator()(const Activation& activation) const {
    return emit_activation(out, x(), activation.function);
  }

  std::string operator()(const MaxPool& pool) const {
    return out.call("MaxPool", {x()}, window(pool.kernel, pool.stride, pool.padding));
  }

  std::string operator()(const MaxUnpool& pool) const {
    const Shape from = out.input_shape(), to = out.node().shape;
    if (from.height * pool.kernel != to.height || from.width * pool.kernel != to.width) {
      throw core::UserError(fmt::format(
          "layer {} ({}): ONNX unpools to whole windows of {} x {}, but here to {} x {} pixels",
          out.node().name, kind_of(out.node().op), pool.kernel, pool.kernel, to.height, to.width));
    }
    const std::string places =
        out.places_of_maxima(inputs[1], window(pool.kernel, pool.kernel, Padding::kValid));
    return out.call("MaxUnpool", {x(), places},
                    {{"kernel_shape", pair_of(pool.kernel)}, {"strides", pair_of(pool.kernel)}});
  }

  std::string operator()(const AvgPool& pool) const {
    return out.call("AveragePool", {x()}, window(pool.kernel, pool.stride, pool.padding));
  }

  std::string operator()(const AdaptiveAvgPool& pool) const { return emit_adaptive_avg_pool(out, pool, x()); }

  std::string operator()(const PyramidAvgPool& pool) const {
    const Shape shape = out.input_shape();
    const int height = pyramid_window(shape.height, pool.bins),
              width = pyramid_window(shape.width, pool.bins);
    const Integers kernel = {height, width};
    return out.call("AveragePool", {x()},
                    {{"kernel_shape", kernel},
                     {"strides", kernel},
                     {"pads", pads_of(same_padding(shape.height, height, height),
                                      same_padding(shape.width, width, width))}});
  }

  std::string operator()(const Upsample& up) const {
    const Shape from = out.input_shape(), to = out.node().shape;
    if (from == to) return x();
    const bool nearest = up.mode == Resize::kNearest;
    // The two differ for an output of one pixel alone, where PyTorch's function has no exception.
    const char* centres = to.height == 1 || to.width == 1 ? "half_pixel" : "pytorch_half_pixel";
    const Attributes attributes = {{"mode", nearest ? "nearest" : "linear"},
                                   {"coordinate_transformation_mode", nearest ? "asymmetric" : centres},
                                   {"nearest_mode", "floor"}};
    const auto scale = [](std::int64_t before, std::int64_t after) {
      const float factor = static_cast<float>(after) / static_cast<float>(before);
      const bool falls_short = static_cast<std::int64_t>(static_cast<float>(before) * factor) < after;
      return falls_short ? std::nextafter(factor, std::numeric_limits<float>::infinity()) : factor;
    };
    const std::string scales =
        out.floats("scales", {4}, {1, 1, scale(from.height, to.height), scale(from.width, to.width)});
    return out.call("Resize", {x(), "", scales}, attributes);
  }

  std::string operator()(const Dropout&) const { return x(); }
  std::string operator()(const DropPath&) const { return x(); }
  std::string operator()(const Add&) const { return out.call("Add", inputs); }
  /// Weights first: OpenCV takes x times a hard sigmoid of anything for a hard swish.
  std::string operator()(const Multiply&) const { return out.call("Mul", {inputs[1], inputs[0]}); }
  std::string operator()(const Attention& attention) const { return emit_attention(out, attention, inputs); }
  std::string operator()(const Concat&) const {
    return out.call("Concat", inputs, {{"axis", std::int64_t{1}}});
  }

  std::string operator()(const ZeroPad& pad) const {
    const std::int64_t before = pad.at_end_only ? 0 : pad.amount;
    return zero_padded({before, before, pad.amount, pad.amount});
  }

  std::string operator()(const PadToMultiple& pad) const {
    const Shape shape = out.input_shape();
    const std::int64_t rows = padding_to_multiple(shape.height, pad.multiple);
    const std::int64_t columns = padding_to_multiple(shape.width, pad.multiple);
    return rows == 0 && columns == 0 ? x() : zero_padded({0, 0, rows, columns});
  }

  std::string operator()(const CropLike&) const {
    const Shape from = out.input_shape(), to = out.node().shape;
    if (from == to) return x();
    return cropped(x(), to);
  }

  std::string convolution(const char* op, Attributes attributes) const {
    Names read = {x()};
    for (std::string& name : out.convolution_tensors()) read.push_back(std::move(name));
    return out.call(op, read, std::move(attributes));
  }

  Attributes window(int kernel, int stride, Padding padding) const {
    return {{"kernel_shape", pair_of(kernel)},
            {"strides", pair_of(stride)},
            {"pads", window_pads(out.input_shape(), padding, kernel, stride)}};
  }

  /// The top left part.
  std::string cropped(const std::string& value, const Shape& to) const {
    return out.call("Slice", {value, out.integers("starts", {0, 0}),
                              out.integers("ends", {to.height, to.width}), out.integers("axes", {2, 3})});
  }

  /// Of top, left, bottom, right pixels.
  std::string zero_padded(const Integers& sides) const {
    return out.call("Pad", {x(), out.integers("pads", {0, 0, sides[0], sides[1], 0, 0, sides[2], sides[3]})});
  }
};

}  // namespace

std::string emit_activation(Emitter& out, const std::string& x, Function function) {
  const auto hard_sigmoid = [&] {
    return out.call("HardSigmoid", {x}, {{"alpha", 1.0F / 6.0F}, {"beta", 0.5F}});
  };
  switch (function) {
    case Function::kRelu:
      return out.call("Relu", {x});
    case Function::kRelu6:
      return out.call("Clip", {x, out.number("minimum", 0), out.number("maximum", 6)});
    case Function::kSigmoid:
      return out.call("Sigmoid", {x});
    case Function::kTanh:
      return out.call("Tanh", {x});
    case Function::kSilu:
      return out.call("Mul", {x, out.call("Sigmoid", {x})});
    case Function::kHardSigmoid:
      return hard_sigmoid();
    case Function::kHardSwish:
      return out.call("Mul", {x, hard_sigmoid()});
    case Function::kGelu: {
      const std::string erf = out.call("Erf", {out.call("Mul", {x, out.number("root", std::sqrt(0.5))})});
      const std::string twice = out.call("Mul", {x, out.call("Add", {erf, out.number("one", 1)})});
      return out.call("Mul", {twice, out.number("half", 0.5)});
    }
  }
  throw core::InternalError("an unknown activation");
}

std::string emit(Emitter& out, const Names& inputs) {
  const std::string y = std::visit(Writer{out, inputs}, out.node().op);
  return out.step().activation ? emit_activation(out, y, *out.step().activation) : y;
}

}  // namespace segbench::architectures::onnx
