// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/train/accelerator.h"

namespace segbench::tests {

/// GPUs that are not there: how many LibTorch finds, what it says of that, and what each one's first
/// operation throws
/// ("": it works).
class FakeAccelerator : public train::Accelerator {
 public:
  bool built = true;
  std::string words;
  std::vector<std::string> faults;

  bool is_built() const override { return built; }
  int count(std::string& said) const override {
    said += words;
    return static_cast<int>(faults.size());
  }
  void try_out(torch::Device device) const override {
    const std::string& fault = faults.at(static_cast<std::size_t>(device.index()));
    TORCH_CHECK(fault.empty(), fault);
  }
};

/// What LibTorch 1.13 and 2.x, CUDA and cuDNN say when a device cannot be used by anybody, in their own
/// words.
inline const std::vector<std::string> kUnusableWords = {
    "CUDA error: all CUDA-capable devices are busy or unavailable\nCUDA kernel errors might be "
    "asynchronously reported "
    "at some other API call,so the stacktrace below might be incorrect.\nFor debugging consider passing "
    "CUDA_LAUNCH_BLOCKING=1.",
    "CUDA error: CUDA-capable device(s) is/are busy or unavailable\nCompile with `TORCH_USE_CUDA_DSA` to "
    "enable "
    "device-side assertions.\n",
    "CUDA error: no CUDA-capable device is detected",
    "CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be "
    "asynchronously "
    "reported at some other API call, so the stacktrace below might be incorrect.",
    "CUDA error: uncorrectable ECC error encountered",
    "CUDA error: unknown error",
    "CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing env variable "
    "CUDA_VISIBLE_DEVICES after program start. Setting the available devices to be zero.",
    "CUDA error: CUDA driver version is insufficient for CUDA runtime version",
    "The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver by "
    "downloading "
    "and installing a new version from the URL: http://www.nvidia.com/Download/index.aspx",
    "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver "
    "from "
    "http://www.nvidia.com/Download/index.aspx",
    "CUDA error: system has unsupported display driver / cuda driver combination",
    "CUDA error: the provided PTX was compiled with an unsupported toolchain.",
    "CUDA error: MPS client failed to connect to the MPS control daemon or the MPS server",
    "CUDA error: the hardware resources required to create MPS client have been exhausted",
    "CUDA error: CUDA driver is a stub library",
    "CUDA error: PTX JIT compiler library not found",
    "CUDA error: initialization error\nCUDA kernel errors might be asynchronously reported at some other API "
    "call"};

/// When this process alone can use it no more.
inline const std::vector<std::string> kBrokenWords = {
    "CUDA error: device-side assert triggered\nCUDA kernel errors might be asynchronously reported at some "
    "other API "
    "call,so the stacktrace below might be incorrect.\nFor debugging consider passing "
    "CUDA_LAUNCH_BLOCKING=1.",
    "CUDA error: device-side assert triggered\nSearch for `cudaErrorAssert' in "
    "https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html for more information.",
    "CUDA error: an illegal memory access was encountered\nCompile with `TORCH_USE_CUDA_DSA` to enable "
    "device-side "
    "assertions.",
    "CUDA error: unspecified launch failure",
    "CUDA error: misaligned address",
    "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
    "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm( handle, opa, opb, m, n, k, "
    "&alpha, a, lda, b, "
    "ldb, &beta, c, ldc)`"};

/// When its memory is used up.
inline const std::vector<std::string> kMemoryWords = {
    "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 79.15 GiB total capacity; 77.12 GiB already "
    "allocated; 1.31 "
    "GiB free; 77.50 GiB reserved in total by PyTorch) If reserved memory is >> allocated memory try setting "
    "max_split_size_mb to avoid fragmentation.",
    "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 139.80 GiB of which "
    "15.88 MiB is free. "
    "Process 1234 has 139.00 GiB memory in use.",
    "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call",
    "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
    "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
    "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    "CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`",
    "Unable to find a valid cuDNN algorithm to run convolution",
    "GET was unable to find an engine to execute this computation",
    "FIND was unable to find an engine to execute this computation"};

}  // namespace segbench::tests
