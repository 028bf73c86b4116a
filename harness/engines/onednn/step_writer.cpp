// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/step_writer.h"

#include "harness/core/error.h"
#include "harness/engines/onednn/activation.h"
#include "harness/engines/onednn/attention.h"
#include "harness/engines/onednn/layout.h"
#include "harness/engines/onednn/loops.h"

namespace segbench::engines::onednn {
namespace {

namespace arch = architectures;
using arch::Shape;
using dnnl::algorithm;
using dnnl::memory;

/// Writes one step; an overload for each operation.
struct Writer : StepTask {
  const arch::Node& node() const { return graph.at({step.planned.node}); }
  const Map& input(std::size_t i = 0) const { return values.at(step.planned.inputs[i]); }
  const Shape& input_shape(std::size_t i = 0) const { return graph.at({step.planned.inputs[i]}).shape; }
  /// All maps but the image lie so.
  Map in_blocks(std::size_t i = 0) const {
    return program.reordered(input(i), blocked(count, input_shape(i)));
  }

  /// Memory for the result: where it is wanted, or any.
  Map result() const {
    const std::optional<Map> place = joined.place_of(program, step.planned.output);
    return place ? *place : program.make(blocked(count, node().shape));
  }
  /// The same for what may overwrite its first input, where that is nobody else's.
  Map result_over(const Map& x) const {
    const bool is_free = is_last_reader && !joined.is_shared(step.planned.inputs[0]);
    return is_free && !joined.has_place(step.planned.output) ? x : result();
  }
  /// A loop from one map to another: loop(values, their layout, results, their layout).
  template <typename Loop>
  Map looped(const Map& x, const Map& y, const Loop& loop) const {
    program.then([loop, from = layout_of(x.desc()), to = layout_of(y.desc()), values = x.values(),
                  results = y.values()] { loop(values, from, results, to); });
    return y;
  }
  /// A tensor of one value a channel, filled up to whole blocks.
  std::vector<float> by_channel(std::string_view tensor) const {
    std::vector<float> all = tensor_values(weights, node(), tensor);
    const auto block = static_cast<std::size_t>(channels_at_once());
    all.resize((all.size() + block - 1) / block * block, 0.0F);
    return all;
  }

  Map operator()(const arch::Input&) const { throw core::InternalError("the input is no step"); }

  Convolution convolution(bool has_bias) const {
    Convolution c{.count = count,
                  .from = input_shape(),
                  .to = node().shape,
                  .rows = {},
                  .columns = {},
                  .weight = {},
                  .bias = {},
                  .added = {},
                  .activation = step.planned.activation,
                  .target = joined.place_of(program, step.planned.output)};
    if (step.planned.batch_norm) {
      arch::ConvolutionWeights folded = fold_batch_norm(graph, step.planned, weights);
      c.weight = std::move(folded.weight), c.bias = std::move(folded.bias);
    } else {
      c.weight = tensor_values(weights, node(), "weight");
      if (has_bias) c.bias = tensor_values(weights, node(), "bias");
    }
    if (step.added) {
      const Map& added = values.at(*step.added);
      c.added = joined.is_shared(*step.added) ? program.copied(added, program.make(added.desc())) : added;
    }
    return c;
  }

  Map operator()(const arch::Conv2d& op) const {
    Convolution c = convolution(op.bias);
    c.kernel = op.kernel, c.stride = op.stride, c.dilation = op.dilation, c.groups = op.groups;
    c.rows = padding_of(op.padding, c.from.height, op.kernel, op.stride, op.dilation);
    c.columns = padding_of(op.padding, c.from.width, op.kernel, op.stride, op.dilation);
    if (step.planned.zero_padding > 0) {
      c.rows = c.columns = {step.planned.zero_padding, step.planned.zero_padding};
    }
    return convolved(program, c, input(), winograd);
  }

  Map operator()(const arch::ConvTranspose2d& op) const {
    Convolution c = convolution(op.bias);
    c.kernel = op.kernel, c.stride = op.stride;
    c.rows = c.columns = arch::transpose_cropping(op.kernel, op.stride);
    return transposed_convolved(program, c, input());
  }

  Map operator()(const arch::BatchNorm& norm) const {
    using Flags = dnnl::normalization_flags;
    const Map x = in_blocks();
    const bool with_relu = step.planned.activation == arch::Function::kRelu;
    const Map y = result_over(x);
    const Flags flags = Flags::use_global_stats | Flags::use_scale | Flags::use_shift |
                        (with_relu ? Flags::fuse_norm_relu : Flags::none);
    const dnnl::batch_normalization_forward::primitive_desc operation(
        {dnnl::prop_kind::forward_inference, x.desc(), static_cast<float>(norm.epsilon), flags}, attributes(),
        program.engine());
    const memory::desc by_channel({node().shape.channels}, memory::data_type::f32, memory::format_tag::x);
    const auto constant = [&](std::string_view tensor) {
      return program.constant(tensor_values(weights, node(), tensor), by_channel, by_channel);
    };
    const std::vector<float> ones(static_cast<std::size_t>(node().shape.channels), 1.0F);
    program.then(
        dnnl::batch_normalization_forward(operation), operation.scratchpad_desc(),
        {{DNNL_ARG_SRC, x.memory},
         {DNNL_ARG_MEAN, constant("running_mean")},
         {DNNL_ARG_VARIANCE, constant("running_var")},
         {DNNL_ARG_SCALE, norm.scale ? constant("weight") : program.constant(ones, by_channel, by_channel)},
         {DNNL_ARG_SHIFT, constant("bias")},
         {DNNL_ARG_DST, y.memory}});
    return with_relu || !step.planned.activation ? y : activated(program, y, *step.planned.activation, y);
  }

  Map operator()(const arch::LayerNorm& norm) const {
    const Map x = in_blocks();
    return looped(
        x, result(),
        [channels = node().shape.channels, weight = by_channel("weight"), bias = by_channel("bias"),
         epsilon = norm.epsilon](const float* from, const Layout& layout, float* to, const Layout&) {
          normalise_pixels(from, to, layout, channels, weight, bias, epsilon);
        });
  }

  Map operator()(const arch::GroupNorm& norm) const {
    const Map x = in_blocks();
    return looped(x, result(),
                  [channels = node().shape.channels, groups = norm.groups, weight = by_channel("weight"),
                   bias = by_channel("bias"), epsilon = norm.epsilon](const float* from, const Layout& layout,
                                                                      float* to, const Layout&) {
                    normalise_groups(from, to, layout, channels, groups, weight, bias, epsilon);
                  });
  }

  Map operator()(const arch::Activation& op) const {
    const Map x = in_blocks();
    return activated(program, x, op.function, result_over(x));
  }

  Map operator()(const arch::MaxPool& op) const {
    return pooled(algorithm::pooling_max, op.kernel, op.kernel, op.stride, op.stride, op.padding);
  }

  Map operator()(const arch::AvgPool& op) const {
    return pooled(algorithm::pooling_avg_exclude_padding, op.kernel, op.kernel, op.stride, op.stride,
                  op.padding);
  }

  Map operator()(const arch::PyramidAvgPool& op) const {
    const int rows = arch::pyramid_window(input_shape().height, op.bins);
    const int columns = arch::pyramid_window(input_shape().width, op.bins);
    return pooled(algorithm::pooling_avg_exclude_padding, rows, columns, rows, columns, arch::Padding::kSame);
  }

  Map operator()(const arch::MaxUnpool& op) const {
    const Map x = in_blocks(), pooled = in_blocks(1);
    return looped(x, result(),
                  [map = pooled.values(), kernel = op.kernel](const float* from, const Layout& small,
                                                              float* to, const Layout& large) {
                    unpool(from, small, map, to, large, kernel);
                  });
  }

  Map operator()(const arch::AdaptiveAvgPool&) const { return looped(in_blocks(), result(), adaptive_means); }

  Map operator()(const arch::Upsample& op) const {
    const Map x = in_blocks(), y = result();
    if (op.mode == arch::Resize::kNearest) return looped(x, y, enlarge_nearest);
    const dnnl::resampling_forward::primitive_desc resampling(
        {dnnl::prop_kind::forward_inference, algorithm::resampling_linear, x.desc(), y.desc()}, attributes(),
        program.engine());
    program.then(dnnl::resampling_forward(resampling), resampling.scratchpad_desc(),
                 {{DNNL_ARG_SRC, x.memory}, {DNNL_ARG_DST, y.memory}});
    return y;
  }

  Map operator()(const arch::Dropout&) const { throw core::InternalError("a dropout in evaluation"); }
  Map operator()(const arch::DropPath&) const { throw core::InternalError("a dropped path in evaluation"); }

  Map operator()(const arch::Add&) const {
    const Map a = in_blocks(), b = in_blocks(1);
    // In place, oneDNN 2.6 activates wrong numbers where the last block is not full.
    const Map y = step.planned.activation ? result() : result_over(a);
    dnnl::post_ops behind;
    if (step.planned.activation) append(behind, *step.planned.activation);
    const dnnl::binary::primitive_desc sum({algorithm::binary_add, a.desc(), b.desc(), y.desc()},
                                           attributes(behind), program.engine());
    program.then(dnnl::binary(sum), sum.scratchpad_desc(),
                 {{DNNL_ARG_SRC_0, a.memory}, {DNNL_ARG_SRC_1, b.memory}, {DNNL_ARG_DST, y.memory}});
    return y;
  }

  Map operator()(const arch::Multiply&) const {
    const Map x = in_blocks(), y = result();
    const Shape &of = input_shape(), &by = input_shape(1);
    const bool by_pixel =
        by.channels == 1 && of.channels > 1 && by.height == of.height && by.width == of.width;
    const Map weight = by_pixel ? program.reordered(input(1), channels_first(count, by)) : in_blocks(1);
    if (of == by) {
      const auto n = static_cast<std::int64_t>(x.desc().get_size() / sizeof(float));
      return looped(x, y,
                    [w = weight.values(), n](const float* from, const Layout&, float* to, const Layout&) {
                      multiply(from, w, to, n);
                    });
    }
    if (by_pixel) {
      return looped(x, y,
                    [w = weight.values()](const float* from, const Layout& layout, float* to, const Layout&) {
                      multiply_by_pixel(from, w, to, layout);
                    });
    }
    return looped(x, y,
                  [w = weight.values()](const float* from, const Layout& layout, float* to, const Layout&) {
                    multiply_by_channel(from, w, to, layout);
                  });
  }

  Map operator()(const arch::Attention& op) const {
    const Map y =
        attended(program, op.heads, count, input_shape(), input_shape(1), {input(), input(1), input(2)});
    return program.copied(y, result());
  }

  Map operator()(const arch::Concat&) const {
    const int whole = step.planned.output;
    const std::size_t parts = step.planned.inputs.size();
    if (!joined.is_whole(whole)) return concatenated();
    for (std::size_t i = 0; i < parts; ++i) {
      const Map place = joined.part_of(program, whole, i);
      if (input(i).values() != place.values()) program.copied(input(i), place);
    }
    return joined.whole_of(program, whole);
  }

  Map concatenated() const {
    const Map y = result();
    std::vector<Map> parts;
    std::vector<memory::desc> layouts;
    Arguments arguments = {{DNNL_ARG_DST, y.memory}};
    for (std::size_t i = 0; i < step.planned.inputs.size(); ++i) {
      parts.push_back(in_blocks(i));
      layouts.push_back(parts.back().desc());
      arguments.emplace(DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i), parts.back().memory);
    }
    const dnnl::concat::primitive_desc concat(y.desc(), 1, layouts, program.engine(), attributes());
    program.then(dnnl::concat(concat), concat.scratchpad_desc(), std::move(arguments));
    return y;
  }

  Map operator()(const arch::ZeroPad& pad) const {
    const int before = pad.at_end_only ? 0 : pad.amount;
    return placed(before);
  }
  Map operator()(const arch::PadToMultiple&) const { return placed(0); }
  Map operator()(const arch::CropLike&) const { return placed(0); }

  Map placed(int before) const {
    return looped(in_blocks(), result(),
                  [before](const float* from, const Layout& source, float* to, const Layout& target) {
                    place(from, source, to, target, before, before);
                  });
  }

  Map pooled(algorithm how, int height, int width, int down, int right, arch::Padding padding) const {
    const Map x = in_blocks(), y = result();
    const arch::Pads rows = padding_of(padding, input_shape().height, height, down);
    const arch::Pads columns = padding_of(padding, input_shape().width, width, right);
    const dnnl::pooling_forward::primitive_desc pooling({dnnl::prop_kind::forward_inference,
                                                         how,
                                                         x.desc(),
                                                         y.desc(),
                                                         {down, right},
                                                         {height, width},
                                                         {rows.before, columns.before},
                                                         {rows.after, columns.after}},
                                                        attributes(), program.engine());
    program.then(dnnl::pooling_forward(pooling), pooling.scratchpad_desc(),
                 {{DNNL_ARG_SRC, x.memory}, {DNNL_ARG_DST, y.memory}});
    return y;
  }
};

}  // namespace

Map write_step(const StepTask& task) {
  return std::visit(Writer{task}, task.graph.at({task.step.planned.node}).op);
}

}  // namespace segbench::engines::onednn
