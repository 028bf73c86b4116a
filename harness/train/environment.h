// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "harness/core/json.h"

namespace segbench::train {

/// Where and with what an attempt runs: Segbench's version and commit, compiler, LibTorch and its libraries,
/// device, GPU and driver, CPU, threads, `allocator` settings, memory format, operating system, and how far
/// results can be expected to repeat. Nothing in it changes while the process lives.
core::Json environment(torch::Device device, int threads, const core::Json& allocator,
                       torch::MemoryFormat memory_format);

/// The largest resident memory of this process so far, plus, on a GPU, the largest memory of LibTorch's
/// allocator there.
std::int64_t peak_memory_bytes(torch::Device device);

}  // namespace segbench::train
