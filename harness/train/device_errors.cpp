// SPDX-License-Identifier: MIT
#include "harness/train/device_errors.h"

#include <algorithm>
#include <array>
#include <cstddef>

// The sentences are those of cudaGetErrorString, cuDNN, cuBLAS and LibTorch 1.13 to 2.x.

namespace segbench::train {
namespace {

template <std::size_t N>
bool has_any(std::string_view message, const std::array<std::string_view, N>& signs) {
  return std::any_of(signs.begin(), signs.end(),
                     [&](std::string_view sign) { return message.find(sign) != std::string_view::npos; });
}

constexpr std::array<std::string_view, 12> kMemory = {
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "Cannot allocate memory",
    "CUDNN_STATUS_ALLOC_FAILED",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "could not create a memory",
    "CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate",  // its workspace found no room
    "Unable to find a valid cuDNN algorithm",                    // likewise
    "unable to find an engine to execute this computation",
    "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED",  // cuDNN 9
    "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"};

constexpr std::array<std::string_view, 25> kUnusable = {
    "devices are busy or unavailable",  // all of them, or in exclusive mode
    "device(s) is/are busy or unavailable",
    "no CUDA-capable device is detected",
    "invalid device ordinal",
    "no kernel image is available",  // another generation
    "device kernel image is invalid",
    "compiled with an unsupported toolchain",
    "driver version is insufficient",
    "NVIDIA driver on your system is too old",
    "Found no NVIDIA driver",
    "unsupported display driver",
    "forward compatibility was attempted",
    "system not yet initialized",
    "uncorrectable ECC error",
    "uncorrectable NVLink error",
    "hardware error",
    "GPU is lost",
    "unknown error",  // one that has fallen off the bus (Xid 79)
    "MPS client failed to connect",
    "MPS server is not ready",
    "hardware resources required to",  // MPS has no more of them for a further process
    "driver is a stub library",
    "PTX JIT compiler library not found",
    "CUDA error: initialization error",
    "CUDA initialization error"};

constexpr std::array<std::string_view, 7> kBroken = {
    "CUDA error",     "CUDA driver error", "cuDNN error",       "device-side assert",
    "CUBLAS_STATUS_", "CUDNN_STATUS_",     "misaligned address"};

}  // namespace

DeviceTrouble device_trouble(std::string_view message) {
  if (has_any(message, kMemory)) return DeviceTrouble::kMemory;
  if (has_any(message, kUnusable)) return DeviceTrouble::kUnusable;
  return has_any(message, kBroken) ? DeviceTrouble::kBroken : DeviceTrouble::kNone;
}

}  // namespace segbench::train
