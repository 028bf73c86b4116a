// SPDX-License-Identifier: MIT
#include "harness/weights/weight_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/core/error.h"
#include "harness/weights/state_dict.h"

namespace segbench::weights {
namespace {

constexpr const char* kUsable =
    "use a .pth file written by torch.save (PyTorch 1.6 or newer) or a .safetensors file";

/// What other files begin with, and what to say about them.
struct Signature {
  std::string_view begin;
  std::string_view message;
};

constexpr std::string_view kLegacy =
    "this is the format of PyTorch before 1.6, which is a program rather than data. Convert it where PyTorch "
    "is "
    "installed: python3 -c \"import sys, torch; torch.save(torch.load(sys.argv[1], map_location='cpu', "
    "weights_only=True), sys.argv[2])\" OLD.pth NEW.pth";

constexpr std::array<Signature, 9> kSignatures = {
    {{std::string_view("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 14), kLegacy},
     {"\x80",
      "this is a bare pickle, which torch.save does not write; save model.state_dict() with torch.save"},
     {"\x89HDF", "this is an HDF5 file, as written by Keras; convert its weights to safetensors"},
     {"\x1f\x8b", "this is a gzip file; unpack it first"},
     {"BZh", "this is a bzip2 file; unpack it first"},
     {"\xfd"
      "7zXZ",
      "this is an xz file; unpack it first"},
     {"<", "this is text that begins with <, perhaps the error page of a failed download"},
     {"version https://git-lfs", "this is a Git LFS pointer; fetch the file itself with `git lfs pull`"},
     {"PK\x05\x06", "this is an empty zip archive"}}};

std::vector<std::int64_t> c_order_strides(const Tensor& tensor) {
  std::vector<std::int64_t> strides(tensor.shape.size(), 1);
  if (tensor.numel() == 0) return strides;  // of no use, and the products may overflow
  for (std::size_t i = strides.size(); i-- > 1;) strides[i - 1] = strides[i] * tensor.shape[i];
  return strides;
}

bool begins_with(Bytes bytes, std::string_view begin) {
  return bytes.size() >= begin.size() && std::memcmp(bytes.data(), begin.data(), begin.size()) == 0;
}

/// Eight bytes of header length, then JSON.
bool is_safetensors(Bytes bytes) {
  return bytes.size() > 8 && bytes[8] == std::byte{'{'};
}

}  // namespace

std::int64_t Tensor::numel() const {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  std::int64_t count = 1;
  for (const std::int64_t n : shape) count *= n;
  return count;
}

WeightFile::WeightFile(const std::filesystem::path& file) : path_(file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw core::UserError(fmt::format(
        "{}: {}; {}", file.string(),
        std::filesystem::exists(file, error) ? "not a regular file" : "there is no such file", kUsable));
  }
  mapped_ = std::make_shared<core::MappedFile>(file);
  const Bytes bytes = mapped_->bytes();
  try {
    if (begins_with(bytes, "PK\x03\x04")) {
      StateDict read = read_state_dict(ZipArchive(bytes));
      format_ = "torch";
      tensors_ = std::move(read.tensors);
      found_under_ = std::move(read.found_under);
      return;
    }
    if (!is_safetensors(bytes)) {  // whose length may begin like anything
      for (const Signature& signature : kSignatures) {
        if (begins_with(bytes, signature.begin)) throw Malformed(std::string(signature.message));
      }
      throw Malformed(bytes.empty() ? "the file is empty" : "this is not a known format of weights");
    }
  } catch (const Malformed& malformed) {
    throw core::UserError(fmt::format("{}: {}; {}", file.string(), malformed.what(), kUsable));
  }
  safetensors_ = std::make_shared<core::SafetensorsFile>(file);
  format_ = "safetensors";
  metadata_ = safetensors_->metadata();
  for (const auto& [name, entry] : safetensors_->entries()) {
    Tensor tensor{entry.dtype, entry.shape, {}, entry.data};
    tensor.strides = c_order_strides(tensor);
    tensors_.emplace(name, std::move(tensor));
  }
}

}  // namespace segbench::weights
