// SPDX-License-Identifier: MIT
#include "harness/core/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/json.h"
#include "harness/core/json_problem.h"

namespace segbench::core {
namespace {

static_assert(std::endian::native == std::endian::little, "tensor bytes are written as they lie in memory");

constexpr int kMostNesting = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the limit of the reference implementation

std::uint64_t dtype_bytes(const std::string& dtype) {
  static const std::map<std::string, std::uint64_t> kBytes = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"I16", 2}, {"U16", 2}, {"F16", 2}, {"BF16", 2},
      {"I32", 4},  {"U32", 4}, {"F32", 4}, {"F64", 8}, {"I64", 8}, {"U64", 8}};
  const auto found = kBytes.find(dtype);
  return found == kBytes.end() ? 0 : found->second;
}

/// An array of non-negative integers, or nothing: a conversion would round and wrap.
std::optional<std::vector<std::uint64_t>> whole_numbers(const Json& array) {
  std::vector<std::uint64_t> numbers;
  if (!array.is_array()) return std::nullopt;
  for (const Json& number : array) {
    if (!number.is_number_unsigned()) return std::nullopt;
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

/// Bytes of a tensor, or nothing when the product overflows or a dimension is negative.
std::optional<std::uint64_t> tensor_bytes(const std::string& dtype, const std::vector<std::int64_t>& shape) {
  std::uint64_t bytes = dtype_bytes(dtype);
  for (const std::int64_t n : shape) {
    if (n < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(n), &bytes)) return std::nullopt;
  }
  return bytes;
}

}  // namespace

void write_safetensors(const std::filesystem::path& file, const std::vector<TensorBytes>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const TensorBytes& tensor : tensors) {
    SEGBENCH_CHECK(tensor_bytes(tensor.dtype, tensor.shape) == tensor.data.size(), "{} has {} bytes",
                   tensor.name, tensor.data.size());
    SEGBENCH_CHECK(!header.contains(tensor.name), "two tensors are called {}", tensor.name);
    header[tensor.name] = {{"dtype", tensor.dtype},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + tensor.data.size()}}};
    offset += tensor.data.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  write_file_atomically(file, [&](const AppendBytes& append) {
    append(std::as_bytes(std::span(&length, 1)));
    append(std::as_bytes(std::span(text.data(), text.size())));
    for (const TensorBytes& tensor : tensors) append(tensor.data);
  });
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& file) : mapped_(file) {
  const auto refuse = [&](const std::string& what) {
    throw UserError(fmt::format("{}: no valid safetensors file: {}", file.string(), what));
  };
  const auto bytes = mapped_.bytes();
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) refuse(fmt::format("it has only {} bytes", bytes.size()));
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > kMaxHeaderBytes) refuse(fmt::format("its header claims {} bytes", length));
  if (length > bytes.size() - sizeof length) refuse(fmt::format("it is truncated within its header"));
  const auto data = bytes.subspan(sizeof length + length);
  try {
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + sizeof length;
    const Json header = Json::parse(text, text + length, [&](int depth, Json::parse_event_t, Json&) {
      if (depth > kMostNesting) refuse("its header is nested too deep");
      return true;
    });
    if (!header.is_object()) refuse("its header is no object");
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (const auto& [name, value] : header.items()) {
      if (name == "__metadata__") {
        metadata_ = value.get<std::map<std::string, std::string>>();
        continue;
      }
      Entry entry{.dtype = value.at("dtype"), .shape = {}, .data = {}};
      const auto shape = whole_numbers(value.at("shape")), offsets = whole_numbers(value.at("data_offsets"));
      if (!shape || !offsets || offsets->size() != 2) {
        refuse(fmt::format("{}: shape and data_offsets must hold whole numbers", name));
      }
      for (const std::uint64_t n : *shape) {
        entry.shape.push_back(static_cast<std::int64_t>(std::min<std::uint64_t>(n, INT64_MAX)));
      }
      const std::uint64_t begin = (*offsets)[0], end = (*offsets)[1];
      if (dtype_bytes(entry.dtype) == 0)
        refuse(fmt::format("{} has the unknown dtype {}", name, entry.dtype));
      if (begin > end || end > data.size()) refuse(fmt::format("{} lies outside the file: truncated?", name));
      const auto expected = tensor_bytes(entry.dtype, entry.shape);
      if (expected != end - begin) {
        refuse(fmt::format("{} has {} bytes, but {} [{}]", name, end - begin, entry.dtype,
                           fmt::join(entry.shape, ", ")));
      }
      entry.data = data.subspan(begin, end - begin);
      ranges.emplace_back(begin, end);
      entries_.emplace(name, std::move(entry));
    }
    std::sort(ranges.begin(), ranges.end());
    std::uint64_t position = 0;
    for (const auto& [begin, end] : ranges) {
      if (begin != position) refuse(fmt::format("its tensors have a gap or overlap at byte {}", position));
      position = end;
    }
    if (position != data.size()) refuse(fmt::format("{} bytes belong to no tensor", data.size() - position));
  } catch (const Json::exception& error) {
    refuse(fmt::format("its header: {}", json_problem(error)));
  }
}

std::string tensors_sha256(std::vector<TensorBytes> tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  Sha256 hash;
  for (const TensorBytes& tensor : tensors) {
    hash.update(fmt::format("{}\n{} [{}]\n", tensor.name, tensor.dtype, fmt::join(tensor.shape, ", ")));
    hash.update(tensor.data);
  }
  return hash.hex_digest();
}

}  // namespace segbench::core
