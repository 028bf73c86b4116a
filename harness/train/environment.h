// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/gpu.h"
#include "harness/core/json.h"

namespace segbench::train {

/// Where and with what an attempt runs: Segbench's version and commit, compiler, LibTorch and its libraries,
/// device, GPU and driver, CPU, threads, `allocator` settings, memory format, operating system, and how far
/// results can be expected to repeat. Nothing in it changes while the process lives.
core::Json environment(torch::Device device, int threads, const core::Json& allocator,
                       torch::MemoryFormat memory_format);

/// How far a training on this device repeats: {"grade", "prevented_by"}; to the bit but for those operations
/// of its network that add up in no order there (architectures/graph/determinism.h).
core::Json determinism(torch::Device device, const std::vector<std::string>& unordered);

/// The GPU behind a device of LibTorch, as the driver knows it; empty for a CPU and where the driver does not
/// tell.
std::optional<core::Gpu> gpu_of(torch::Device device);

/// The largest resident memory of this process so far.
std::int64_t peak_memory_bytes();

}  // namespace segbench::train
