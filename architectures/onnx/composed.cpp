// SPDX-License-Identifier: MIT
#include <cmath>

#include "architectures/onnx/emitter.h"

namespace segbench::architectures::onnx {
namespace {

using Integers = std::vector<std::int64_t>;

std::string transposed(Emitter& out, const std::string& x, Integers order) {
  return out.call("Transpose", {x}, {{"perm", std::move(order)}});
}

/// 0 keeps a size, so any number of images passes.
std::string reshaped(Emitter& out, const std::string& x, Integers shape) {
  return out.call("Reshape", {x, out.integers("shape", std::move(shape))});
}

/// Normalised over the last of three axes, without scale and shift.
std::string normalised(Emitter& out, const std::string& x, std::int64_t rows, double epsilon) {
  const auto count = static_cast<std::size_t>(rows);
  return out.call("InstanceNormalization",
                  {x, out.floats("ones", {rows}, std::vector<float>(count, 1)),
                   out.floats("zeros", {rows}, std::vector<float>(count, 0))},
                  {{"epsilon", static_cast<float>(epsilon)}});
}

std::string scaled_by_channel(Emitter& out, const std::string& x) {
  return out.call("Add",
                  {out.call("Mul", {x, out.tensor_by_channel("weight")}), out.tensor_by_channel("bias")});
}

/// The matrix [size, bins] whose column b holds the weights of the b-th window's mean: PyTorch's windows from
/// floor(b size / bins) to ceil((b + 1) size / bins).
std::string window_means(Emitter& out, const char* name, std::int64_t size, std::int64_t bins) {
  std::vector<float> matrix(static_cast<std::size_t>(size * bins), 0.0F);
  for (std::int64_t b = 0; b < bins; ++b) {
    const std::int64_t begin = b * size / bins, end = ((b + 1) * size + bins - 1) / bins;
    for (std::int64_t i = begin; i < end; ++i)
      matrix[static_cast<std::size_t>(i * bins + b)] = 1.0F / static_cast<float>(end - begin);
  }
  return out.floats(name, {size, bins}, std::move(matrix));
}

}  // namespace

// As a normalisation of [N, pixels, C] over its last axis.
std::string emit_layer_norm(Emitter& out, const LayerNorm& norm, const std::string& x) {
  const Shape shape = out.node().shape;
  const std::int64_t pixels = shape.height * shape.width;
  const std::string rows = transposed(out, reshaped(out, x, {0, shape.channels, pixels}), {0, 2, 1});
  const std::string normal = transposed(out, normalised(out, rows, pixels, norm.epsilon), {0, 2, 1});
  return scaled_by_channel(out, reshaped(out, normal, {0, shape.channels, shape.height, shape.width}));
}

// As a normalisation of [N, groups, values of a group] over its last axis.
std::string emit_group_norm(Emitter& out, const GroupNorm& norm, const std::string& x) {
  const Shape shape = out.node().shape;
  const std::string groups = reshaped(out, x, {0, norm.groups, shape.values() / norm.groups});
  const std::string normal = normalised(out, groups, norm.groups, norm.epsilon);
  return scaled_by_channel(out, reshaped(out, normal, {0, shape.channels, shape.height, shape.width}));
}

std::string emit_attention(Emitter& out, const Attention& attention, const std::vector<std::string>& inputs) {
  const Shape shape = out.node().shape, keys = out.input_shape(1);
  const std::int64_t heads = attention.heads, of_head = shape.channels / heads;
  const auto by_head = [&](const std::string& x, const Shape& of) {  // [N, heads, channels of a head, pixels]
    return reshaped(out, x, {0, heads, of_head, of.height * of.width});
  };
  const double scale = 1 / std::sqrt(static_cast<double>(of_head));
  const std::string queries =
      out.call("Mul", {transposed(out, by_head(inputs[0], shape), {0, 1, 3, 2}), out.number("scale", scale)});
  const std::string weights = out.call("Softmax", {out.call("MatMul", {queries, by_head(inputs[1], keys)})},
                                       {{"axis", std::int64_t{3}}});
  const std::string values = transposed(out, by_head(inputs[2], keys), {0, 1, 3, 2});
  const std::string read = transposed(out, out.call("MatMul", {weights, values}), {0, 1, 3, 2});
  return reshaped(out, read, {0, shape.channels, shape.height, shape.width});
}

// ONNX has no adaptive pooling: where the windows are equal it is a pooling, otherwise a product with the
// windows' weights along each axis.
std::string emit_adaptive_avg_pool(Emitter& out, const AdaptiveAvgPool& pool, const std::string& x) {
  const Shape from = out.input_shape();
  if (pool.bins == 1) return out.call("GlobalAveragePool", {x});
  if (from.height % pool.bins == 0 && from.width % pool.bins == 0) {
    const Integers window = {from.height / pool.bins, from.width / pool.bins};
    return out.call("AveragePool", {x}, {{"kernel_shape", window}, {"strides", window}});
  }
  const std::string columns = out.call("MatMul", {x, window_means(out, "columns", from.width, pool.bins)});
  const std::string rows = out.call(
      "MatMul", {transposed(out, columns, {0, 1, 3, 2}), window_means(out, "rows", from.height, pool.bins)});
  return transposed(out, rows, {0, 1, 3, 2});
}

}  // namespace segbench::architectures::onnx
