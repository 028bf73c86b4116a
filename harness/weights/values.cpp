// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <map>

#include "harness/core/error.h"
#include "harness/weights/weight_file.h"

namespace segbench::weights {
namespace {

/// IEEE 754 binary16 to binary32.
float from_half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1f, fraction = bits & 0x3ff;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

/// The upper half of a binary32.
float from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

template <typename Stored>
Stored load(const std::byte* at) {
  Stored value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// Goes through the values in C order, whatever the strides.
template <typename Read>
std::vector<float> gather(const Tensor& tensor, std::int64_t bytes, Read read) {
  std::vector<float> values(static_cast<std::size_t>(tensor.numel()));
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  std::int64_t position = 0;
  for (float& value : values) {
    value = read(tensor.data.data() + position * bytes);
    for (std::size_t i = index.size(); i-- > 0;) {
      position += tensor.strides[i];
      if (++index[i] < tensor.shape[i]) break;
      position -= tensor.strides[i] * tensor.shape[i];
      index[i] = 0;
    }
  }
  return values;
}

}  // namespace

std::int64_t dtype_bytes(const std::string& dtype) {
  static const std::map<std::string, std::int64_t> kBytes = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"I16", 2}, {"F16", 2}, {"BF16", 2}, {"I32", 4},
      {"F32", 4},  {"F64", 8}, {"I64", 8}, {"U16", 2}, {"U32", 4}, {"U64", 8}};
  const auto found = kBytes.find(dtype);
  return found == kBytes.end() ? 0 : found->second;
}

bool is_floating(const std::string& dtype) {
  return dtype == "F32" || dtype == "F16" || dtype == "BF16" || dtype == "F64";
}

std::vector<float> float_values(const Tensor& tensor) {
  if (tensor.dtype == "F32") return gather(tensor, 4, load<float>);
  if (tensor.dtype == "F64") {
    return gather(tensor, 8, [](const std::byte* at) { return static_cast<float>(load<double>(at)); });
  }
  if (tensor.dtype == "F16") {
    return gather(tensor, 2, [](const std::byte* at) { return from_half(load<std::uint16_t>(at)); });
  }
  if (tensor.dtype == "BF16") {
    return gather(tensor, 2, [](const std::byte* at) { return from_bfloat16(load<std::uint16_t>(at)); });
  }
  throw core::UserError(
      fmt::format("the tensor has type {}, but weights must be F32, F64, F16 or BF16", tensor.dtype));
}

}  // namespace segbench::weights
