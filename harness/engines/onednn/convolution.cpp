// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/convolution.h"

#include <algorithm>
#include <string>

#include "harness/engines/onednn/activation.h"
#include "harness/engines/onednn/layout.h"
#include "harness/engines/onednn/loops.h"

namespace segbench::engines::onednn {
namespace {

using architectures::Shape;
using dnnl::algorithm;
using dnnl::memory;
using Tag = memory::format_tag;
using Forward = dnnl::convolution_forward;

constexpr auto kFloat = memory::data_type::f32;

memory::desc undecided(std::int64_t count, const Shape& shape) {
  return {{count, shape.channels, shape.height, shape.width}, kFloat, Tag::any};
}

memory::dims weight_dims(const Convolution& c) {
  const memory::dims dims = {c.to.channels / c.groups, c.from.channels / c.groups, c.kernel, c.kernel};
  if (c.groups == 1) return dims;
  return {c.groups, dims[0], dims[1], dims[2], dims[3]};
}

memory::desc bias_of(const Convolution& c) {
  return c.bias.empty() ? memory::desc() : memory::desc({c.to.channels}, kFloat, Tag::x);
}

dnnl::post_ops behind(const Convolution& c, bool activate) {
  dnnl::post_ops operations;
  if (c.added) operations.append_sum();
  if (activate) append(operations, *c.activation);
  return operations;
}

/// A way to compute it: oneDNN's operation, and whether the activation is a part of that.
struct Way {
  Forward::primitive_desc operation;
  bool activates = false, is_winograd = false;
};

/// Between maps in blocks of channels, or in layouts that oneDNN prefers. Nothing where it has no such
/// operation, or none but its plain reference, which nobody would wait for.
std::optional<Way> find_way(Program& program, const Convolution& c, algorithm how, bool in_blocks,
                            bool activate) {
  const memory::dims strides = {c.stride, c.stride}, dilations = {c.dilation - 1, c.dilation - 1};
  const bool reads_blocks =
      in_blocks && c.from.channels >= channels_at_once();  // an image has no whole block
  const Forward::desc wanted(dnnl::prop_kind::forward_inference, how,
                             reads_blocks ? blocked(c.count, c.from) : undecided(c.count, c.from),
                             memory::desc(weight_dims(c), kFloat, Tag::any), bias_of(c),
                             in_blocks ? blocked(c.count, c.to) : undecided(c.count, c.to), strides,
                             dilations, {c.rows.before, c.columns.before}, {c.rows.after, c.columns.after});
  Way way{.operation = Forward::primitive_desc(wanted, attributes(behind(c, activate)), program.engine(),
                                               /*allow_empty=*/true),
          .activates = activate,
          .is_winograd = how == algorithm::convolution_winograd};
  if (!way.operation || std::string(way.operation.impl_info_str()).starts_with("ref")) return std::nullopt;
  return way;
}

std::optional<Way> find_way(Program& program, const Convolution& c, algorithm how) {
  for (const bool in_blocks : {true, false}) {
    std::optional<Way> way;
    if (c.activation) way = find_way(program, c, how, in_blocks, /*activate=*/true);
    if (!way) way = find_way(program, c, how, in_blocks, /*activate=*/false);
    if (way) return way;
  }
  return std::nullopt;
}

/// Where it puts its sums: on what they are added to, or where they are wanted.
Map sums_of(Program& program, const Convolution& c, const memory::desc& layout) {
  if (c.added) return program.reordered(*c.added, layout);
  const bool fits = c.target && c.target->desc() == layout;
  return fits ? *c.target : program.make(layout);
}

Map write_way(Program& program, const Convolution& c, const Map& x, const Way& way) {
  const Forward::primitive_desc& operation = way.operation;
  const Map from = program.reordered(x, operation.src_desc());
  const Map y = sums_of(program, c, operation.dst_desc());
  const memory::desc given(weight_dims(c), kFloat, c.groups == 1 ? Tag::oihw : Tag::goihw);
  Arguments arguments = {{DNNL_ARG_SRC, from.memory},
                         {DNNL_ARG_WEIGHTS, program.constant(c.weight, given, operation.weights_desc())},
                         {DNNL_ARG_DST, y.memory}};
  if (!c.bias.empty()) arguments.emplace(DNNL_ARG_BIAS, program.constant(c.bias, bias_of(c), bias_of(c)));
  program.then(Forward(operation), operation.scratchpad_desc(), std::move(arguments));
  const bool activates_behind = c.activation && !way.activates;
  return program.reordered(activates_behind ? activated(program, y, *c.activation, y) : y,
                           blocked(c.count, c.to));
}

/// A transposed convolution whose windows lie side by side: every pixel makes a square of its own, which a
/// convolution of single pixels has as so many groups of channels, each filled up to whole blocks.
Map spread_convolution(Program& program, const Convolution& c, const Map& x) {
  const std::int64_t block = channels_at_once(), area = std::int64_t{c.kernel} * c.kernel;
  const std::int64_t stored = (c.to.channels + block - 1) / block * block;
  Convolution pixels{
      .count = c.count,
      .from = c.from,
      .to = {area * stored, c.from.height, c.from.width},
      .rows = {},
      .columns = {},
      .weight = std::vector<float>(static_cast<std::size_t>(area * stored * c.from.channels), 0.0F),
      .bias = {},
      .added = {},
      .activation = {},
      .target = {}};
  for (std::int64_t place = 0; place < area; ++place) {
    for (std::int64_t filter = 0; filter < c.to.channels; ++filter) {
      for (std::int64_t channel = 0; channel < c.from.channels; ++channel) {
        pixels.weight[static_cast<std::size_t>((place * stored + filter) * c.from.channels + channel)] =
            c.weight[static_cast<std::size_t>((channel * c.to.channels + filter) * area + place)];
      }
    }
  }
  if (!c.bias.empty()) {
    pixels.bias.resize(static_cast<std::size_t>(area * stored), 0.0F);
    for (std::int64_t place = 0; place < area; ++place)
      std::copy(c.bias.begin(), c.bias.end(), pixels.bias.begin() + place * stored);
  }
  if (c.activation && keeps_zero(*c.activation)) pixels.activation = c.activation;
  WinogradUse none;
  const Map groups = convolved(program, pixels, x, none);
  const Map y = c.target ? *c.target : program.make(blocked(c.count, c.to));
  program.then([from = layout_of(groups.desc()), to = layout_of(y.desc()), values = groups.values(),
                target = y.values(), factor = c.kernel] { spread_blocks(values, from, target, to, factor); });
  return c.activation && !pixels.activation ? activated(program, y, *c.activation, y) : y;
}

}  // namespace

Map convolved(Program& program, const Convolution& c, const Map& x, WinogradUse& winograd) {
  std::vector<Way> ways;
  if (std::optional<Way> direct = find_way(program, c, algorithm::convolution_direct))
    ways.push_back(*direct);
  const bool possible = c.kernel == 3 && c.stride == 1 && c.dilation == 1 && c.groups == 1;
  if (winograd.allowed && possible) {
    ++winograd.possible;
    if (std::optional<Way> fast = find_way(program, c, algorithm::convolution_winograd))
      ways.push_back(*fast);
  }
  if (ways.empty()) throw dnnl::error(dnnl_unimplemented, "it has no such convolution");
  std::vector<Map> results(ways.size());
  std::vector<std::function<void()>> writers;
  for (std::size_t i = 0; i < ways.size(); ++i)
    writers.emplace_back([&, i] { results[i] = write_way(program, c, x, ways[i]); });
  const std::size_t chosen = program.then_fastest(writers);
  winograd.used += ways[chosen].is_winograd ? 1 : 0;
  return results[chosen];
}

Map transposed_convolved(Program& program, const Convolution& c, const Map& x) {
  if (c.kernel == c.stride) return spread_convolution(program, c, x);
  using Deconvolution = dnnl::deconvolution_forward;
  const memory::dims strides = {c.stride, c.stride};
  const Deconvolution::desc wanted(dnnl::prop_kind::forward_inference, algorithm::deconvolution_direct,
                                   undecided(c.count, c.from), memory::desc(weight_dims(c), kFloat, Tag::any),
                                   bias_of(c), undecided(c.count, c.to), strides,
                                   {c.rows.before, c.columns.before}, {c.rows.after, c.columns.after});
  const Deconvolution::primitive_desc operation(wanted, attributes(), program.engine());
  const Map from = program.reordered(x, operation.src_desc()), y = program.make(operation.dst_desc());
  const memory::desc given(weight_dims(c), kFloat, Tag::iohw);
  Arguments arguments = {{DNNL_ARG_SRC, from.memory},
                         {DNNL_ARG_WEIGHTS, program.constant(c.weight, given, operation.weights_desc())},
                         {DNNL_ARG_DST, y.memory}};
  if (!c.bias.empty()) arguments.emplace(DNNL_ARG_BIAS, program.constant(c.bias, bias_of(c), bias_of(c)));
  program.then(Deconvolution(operation), operation.scratchpad_desc(), std::move(arguments));
  return program.reordered(c.activation ? activated(program, y, *c.activation, y) : y,
                           blocked(c.count, c.to));
}

}  // namespace segbench::engines::onednn
