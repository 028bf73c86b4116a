// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/core/files.h"

// The safetensors file format (https://github.com/huggingface/safetensors, format description in its README):
// 8 bytes little-endian header length, a JSON header {name: {"dtype", "shape", "data_offsets"},
// "__metadata__": {…}}, then the tensors' bytes, without gaps. Weights and checkpoints are stored in it, so
// any Python reads them.

namespace segbench::core {

/// One tensor to be written: C-order bytes, little endian. dtype as in the format: "F32", "F64", "I64", "U8",
/// …
struct TensorBytes {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> data;
};

/// Written atomically. Tensors stand in the order given; metadata values are strings, as the format demands.
void write_safetensors(const std::filesystem::path& file, const std::vector<TensorBytes>& tensors,
                       const std::map<std::string, std::string>& metadata);

/// A safetensors file mapped into memory. Opening checks the whole header against the file size and throws
/// UserError naming the file and what is wrong: truncated, gigantic or malformed header, gaps, overlaps,
/// wrong byte counts.
class SafetensorsFile {
 public:
  struct Entry {
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> data;
  };

  explicit SafetensorsFile(const std::filesystem::path& file);
  const std::map<std::string, Entry>& entries() const { return entries_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  MappedFile mapped_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> metadata_;
};

/// SHA-256 over names, dtypes, shapes and bytes of the tensors in the order of their names: the identity of
/// weights.
std::string tensors_sha256(std::vector<TensorBytes> tensors);

}  // namespace segbench::core
