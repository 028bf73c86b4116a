// SPDX-License-Identifier: MIT
#include "harness/train/nccl.h"

#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "harness/core/error.h"

// The functions and numbers are those of the NCCL API reference, stable since NCCL 2; its header is not
// needed for so few.

namespace segbench::train {
namespace {

constexpr int kNcclSum = 0, kNcclUint8 = 1, kNcclFloat32 = 7, kNcclFloat64 = 8;

/// Handed over by value.
struct UniqueId {
  NcclId bytes;
};

/// The same tree or ring for every sum of a size, so that it is rounded the same.
void prefer_repeatable_sums() {
  for (const auto& [name, value] : {std::pair("NCCL_ALGO", "Ring"),
                                    {"NCCL_PROTO", "Simple"},
                                    {"NCCL_MIN_NCHANNELS", "8"},
                                    {"NCCL_MAX_NCHANNELS", "8"}})
    ::setenv(name, value, /*overwrite=*/0);
}

std::string variable_or(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

/// Of releases of LibTorch that tell it; before, whoever sets no stream uses the default one, a null pointer.
template <typename Stream>
void* handle_of(const Stream& stream) {
  if (stream.id() == 0) return nullptr;
  if constexpr (requires { stream.native_handle(); }) {
    return stream.native_handle();
  } else {
    throw core::InternalError("NCCL is only used on the default stream with this LibTorch");
  }
}

void* current_stream(const torch::Tensor& tensor) {
  if (!tensor.is_cuda()) return nullptr;
  const c10::impl::VirtualGuardImpl device(tensor.device().type());
  return handle_of(device.getStream(tensor.device()));
}

int nccl_type(const torch::Tensor& tensor) {
  const torch::ScalarType type = tensor.scalar_type();
  SEGBENCH_CHECK(type == torch::kFloat || type == torch::kDouble, "only float32 and float64 are added up");
  return type == torch::kFloat ? kNcclFloat32 : kNcclFloat64;
}

}  // namespace

template <typename... Arguments>
void Nccl::call(const char* name, Arguments... arguments) const {
  const int status = reinterpret_cast<int (*)(Arguments...)>(function(name))(arguments...);
  if (status != 0) fail(name, status);
}

std::shared_ptr<const Nccl> Nccl::load(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) continue;
    const std::shared_ptr<const Nccl> found(new Nccl(handle));
    if (::dlsym(handle, "ncclCommInitRank") == nullptr) continue;
    prefer_repeatable_sums();
    return found;
  }
  return nullptr;
}

Nccl::~Nccl() {
  ::dlclose(handle_);
}

void* Nccl::function(const char* name) const {
  void* found = ::dlsym(handle_, name);
  if (found == nullptr) throw std::runtime_error(fmt::format("this NCCL has no {}", name));
  return found;
}

void Nccl::fail(const char* name, int status) const {
  auto* words = reinterpret_cast<const char* (*)(int)>(function("ncclGetErrorString"));
  throw std::runtime_error(fmt::format("{}: {}", name, words(status)));
}

std::string Nccl::description() const {
  int version = 0;  // 22703 is 2.27.3; before 2.9 2708 was 2.7.8
  call("ncclGetVersion", &version);
  const int major = version < 10000 ? 1000 : 10000;
  return fmt::format("NCCL {}.{}.{}, {}, {}, {} to {} channels", version / major, version % major / 100,
                     version % 100, variable_or("NCCL_ALGO", ""), variable_or("NCCL_PROTO", ""),
                     variable_or("NCCL_MIN_NCHANNELS", ""), variable_or("NCCL_MAX_NCHANNELS", ""));
}

NcclId Nccl::new_id() const {
  UniqueId id{};
  call("ncclGetUniqueId", &id);
  return id.bytes;
}

std::vector<std::string> nccl_files() {
  const std::string name = "libnccl.so.2";
  std::vector<std::string> files = {name};
  Dl_info libtorch{};
  void* of_libtorch = ::dlsym(RTLD_DEFAULT, "_ZN2at13globalContextEv");
  if (of_libtorch != nullptr && ::dladdr(of_libtorch, &libtorch) != 0 && libtorch.dli_fname != nullptr) {
    const std::filesystem::path folder = std::filesystem::path(libtorch.dli_fname).parent_path();
    files.push_back((folder / name).string());
    files.push_back((folder / "../../nvidia/nccl/lib" / name).lexically_normal().string());
  }
  return files;
}

NcclCommunicator::NcclCommunicator(std::shared_ptr<const Nccl> nccl, const NcclId& id, int rank, int size)
    : nccl_(std::move(nccl)) {
  nccl_->call("ncclCommInitRank", &communicator_, size, UniqueId{id}, rank);
}

NcclCommunicator::~NcclCommunicator() {
  try {
    abort();
  } catch (const std::exception&) {  // nothing more can be done for it
  }
}

void NcclCommunicator::abort() {
  if (!is_aborted_.exchange(true)) nccl_->call("ncclCommAbort", communicator_);
}

void NcclCommunicator::sum(const std::vector<torch::Tensor>& tensors) {
  nccl_->call("ncclGroupStart");
  for (const torch::Tensor& tensor : tensors) {
    void* data = tensor.data_ptr();
    nccl_->call("ncclAllReduce", static_cast<const void*>(data), data,
                static_cast<std::size_t>(tensor.numel()), nccl_type(tensor), kNcclSum, communicator_,
                current_stream(tensor));
  }
  nccl_->call("ncclGroupEnd");
}

void NcclCommunicator::broadcast(const torch::Tensor& tensor) {
  void* data = tensor.data_ptr();
  nccl_->call("ncclBroadcast", static_cast<const void*>(data), data, tensor.nbytes(), kNcclUint8, 0,
              communicator_, current_stream(tensor));
}

}  // namespace segbench::train
