// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/attention.h"

#include <cmath>

#include "harness/engines/onednn/layout.h"

namespace segbench::engines::onednn {
namespace {

using dnnl::memory;

/// [matrices, rows, columns] at these distances.
memory::desc matrices(const memory::dims& shape, const memory::dims& strides) {
  return {shape, memory::data_type::f32, strides};
}

/// The same memory, read otherwise.
memory seen_as(const Map& map, const memory::desc& desc, const dnnl::engine& engine) {
  return {desc, engine, map.values()};
}

void multiply_matrices(Program& program, const memory& a, const memory& b, const memory& y, float scale) {
  dnnl::primitive_attr options = attributes();
  options.set_output_scales(0, {scale});
  const dnnl::matmul::primitive_desc product({a.get_desc(), b.get_desc(), y.get_desc()}, options,
                                             program.engine());
  program.then(dnnl::matmul(product), product.scratchpad_desc(),
               {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, y}});
}

}  // namespace

Map attended(Program& program, int heads, std::int64_t count, const architectures::Shape& from,
             const architectures::Shape& to, const std::array<Map, 3>& inputs) {
  const std::int64_t n = count * heads, depth = from.channels / heads;
  const std::int64_t asked = from.height * from.width, read = to.height * to.width;
  const Map queries = program.reordered(inputs[0], channels_first(count, from));
  const Map keys = program.reordered(inputs[1], channels_first(count, to));
  const Map contents = program.reordered(inputs[2], channels_first(count, to));
  const dnnl::engine& engine = program.engine();

  const memory::desc weights = matrices({n, asked, read}, {asked * read, read, 1});
  const Map scores = program.make(weights);
  multiply_matrices(program, seen_as(queries, matrices({n, asked, depth}, {depth * asked, 1, asked}), engine),
                    seen_as(keys, matrices({n, depth, read}, {depth * read, read, 1}), engine), scores.memory,
                    static_cast<float>(1 / std::sqrt(static_cast<double>(depth))));
  const dnnl::softmax_forward::primitive_desc softmax({dnnl::prop_kind::forward_inference, weights, 2},
                                                      attributes(), engine);
  program.then(dnnl::softmax_forward(softmax), softmax.scratchpad_desc(),
               {{DNNL_ARG_SRC, scores.memory}, {DNNL_ARG_DST, scores.memory}});

  const Map y = program.make(channels_first(count, from));
  multiply_matrices(program, seen_as(contents, matrices({n, depth, read}, {depth * read, read, 1}), engine),
                    seen_as(scores, matrices({n, read, asked}, {asked * read, 1, read}), engine),
                    seen_as(y, matrices({n, depth, asked}, {depth * asked, asked, 1}), engine), 1);
  return y;
}

}  // namespace segbench::engines::onednn
