// SPDX-License-Identifier: MIT
#include "architectures/torch/device_memory.h"

#if __has_include(<c10/core/CachingDeviceAllocator.h>)
#include <c10/core/CachingDeviceAllocator.h>
#endif
#include <torch/version.h>
#ifdef SEGBENCH_WITH_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#endif

// c10::getDeviceAllocator came with LibTorch 2.9.
#define SEGBENCH_DEVICE_ALLOCATOR (TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 209)

namespace segbench::architectures {

std::optional<std::int64_t> peak_device_bytes(torch::Device device) noexcept try {
  if (!device.is_cuda()) return std::nullopt;
#if SEGBENCH_DEVICE_ALLOCATOR
  c10::DeviceAllocator* allocator = c10::getDeviceAllocator(device.type());
  if (!allocator->initialized()) return std::nullopt;
  return allocator->getDeviceStats(device.index()).reserved_bytes[0].peak;  // [0]: over all pools
#elif defined(SEGBENCH_WITH_CUDA)
  return c10::cuda::CUDACachingAllocator::getDeviceStats(device.index()).reserved_bytes[0].peak;
#else
  return std::nullopt;
#endif
} catch (...) {  // the allocator refuses a device that was never used
  return std::nullopt;
}

}  // namespace segbench::architectures
