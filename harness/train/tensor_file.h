// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/core/safetensors.h"

namespace segbench::train {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Tensors as they are written: C-order copies on the CPU where the originals are not, and what core needs to
/// know.
class TensorRecords {
 public:
  /// Appends the tensors under `prefix` + name.
  void add(const std::string& prefix, const NamedTensors& tensors);
  const std::vector<core::TensorBytes>& records() const { return records_; }

 private:
  std::vector<torch::Tensor> keep_;
  std::vector<core::TensorBytes> records_;
};

/// SHA-256 of names, types, shapes and values (core::tensors_sha256), whatever device and memory format they
/// have.
std::string sha256_of(const NamedTensors& tensors);

/// Copies the entries `prefix` + name of a file into tensors, which keep their device and memory format.
/// Throws core::UserError naming what is missing or of another shape or type, before anything is changed.
void load_tensors(const core::SafetensorsFile& file, const std::string& prefix, const NamedTensors& tensors);

}  // namespace segbench::train
