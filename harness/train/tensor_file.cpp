// SPDX-License-Identifier: MIT
#include "harness/train/tensor_file.h"

#include <fmt/format.h>

#include "harness/core/error.h"

namespace segbench::train {
namespace {

std::string dtype_name(torch::ScalarType type) {
  switch (type) {
    case torch::kFloat:
      return "F32";
    case torch::kDouble:
      return "F64";
    case torch::kHalf:
      return "F16";
    case torch::kBFloat16:
      return "BF16";
    case torch::kLong:
      return "I64";
    case torch::kInt:
      return "I32";
    case torch::kByte:
      return "U8";
    case torch::kBool:
      return "BOOL";
    default:
      throw core::InternalError(fmt::format("a tensor of type {} cannot be stored", torch::toString(type)));
  }
}

}  // namespace

void TensorRecords::add(const std::string& prefix, const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors) {
    keep_.push_back(tensor.detach().to(torch::kCPU).contiguous());
    const torch::Tensor& kept = keep_.back();
    records_.push_back({.name = prefix + name,
                        .dtype = dtype_name(kept.scalar_type()),
                        .shape = kept.sizes().vec(),
                        .data = {static_cast<const std::byte*>(kept.data_ptr()), kept.nbytes()}});
  }
}

std::string sha256_of(const NamedTensors& tensors) {
  TensorRecords records;
  records.add("", tensors);
  return core::tensors_sha256(records.records());
}

void load_tensors(const core::SafetensorsFile& file, const std::string& prefix, const NamedTensors& tensors) {
  const auto entry_of = [&](const std::string& name) { return file.entries().find(prefix + name); };
  for (const auto& [name, tensor] : tensors) {
    const auto found = entry_of(name);
    if (found == file.entries().end())
      throw core::UserError(fmt::format("it has no tensor {}{}", prefix, name));
    if (found->second.dtype != dtype_name(tensor.scalar_type()) ||
        found->second.shape != tensor.sizes().vec()) {
      throw core::UserError(fmt::format("its tensor {}{} has another shape or type", prefix, name));
    }
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : tensors) {
    void* bytes =
        const_cast<std::byte*>(entry_of(name)->second.data.data());  // from_blob wants it so; only read
    torch::Tensor target = tensor.detach();
    target.copy_(torch::from_blob(bytes, tensor.sizes(), tensor.scalar_type()));
  }
}

}  // namespace segbench::train
