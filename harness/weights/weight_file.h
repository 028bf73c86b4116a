// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/core/files.h"
#include "harness/core/safetensors.h"

namespace segbench::weights {

/// One tensor of a weight file; its bytes lie in the mapped file.
struct Tensor {
  std::string dtype;  ///< as in safetensors: F32, F64, F16, BF16, I64, I32, I16, I8, U8, BOOL
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;  ///< in values; never negative
  std::span<const std::byte> data;    ///< from the first value to the last one

  std::int64_t numel() const;
};

/// The tensors of a weight file, whatever its format: `.pth` as torch.save writes it (version 1.6 and later:
/// a zip archive with a pickle) or `.safetensors`, told apart by content. Nothing in the file is ever
/// executed. A checkpoint that holds a state_dict under a usual name ("state_dict", "model", …) beside other
/// things is looked into.
class WeightFile {
 public:
  /// Throws core::UserError naming the file and what is wrong: another format (with the way to convert it),
  /// truncation, sizes that do not fit, anything but tensors in (ordered) dicts.
  explicit WeightFile(const std::filesystem::path& file);

  const std::filesystem::path& path() const { return path_; }
  /// "torch" or "safetensors".
  const std::string& format() const { return format_; }
  const std::map<std::string, Tensor>& tensors() const { return tensors_; }
  /// The key of a checkpoint that the tensors stood under, "" when at the top.
  const std::string& found_under() const { return found_under_; }
  /// Of a safetensors file.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  std::filesystem::path path_;
  std::string format_, found_under_;
  std::shared_ptr<const core::MappedFile> mapped_;
  std::shared_ptr<const core::SafetensorsFile> safetensors_;
  std::map<std::string, Tensor> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// Bytes of one value; 0 for an unknown type.
std::int64_t dtype_bytes(const std::string& dtype);

/// Whether a type holds numbers with a fraction: F16, BF16, F32, F64.
bool is_floating(const std::string& dtype);

/// The values in C order as float32: exact for F32, F16 and BF16, rounded to nearest for F64. Throws
/// core::UserError for other types.
std::vector<float> float_values(const Tensor& tensor);

}  // namespace segbench::weights
