// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include "harness/core/json.h"

// The cheap levers of speed: on by default, recorded in the environment of each attempt.

namespace segbench::train {

/// Makes the C library keep freed memory instead of giving it back to the system: activations come and go
/// with every step, and fresh pages cost more than the work done in them. To be called before anything is
/// allocated. Returns what was set, e.g. {"mmap": false, "trim": false}; values are null where the C library
/// refused.
core::Json keep_freed_memory();

/// Threads within an operation: `threads`, or core::usable_cpus() when 0, at most OMP_THREAD_LIMIT; one
/// thread between operations. Also bounds the threads of OpenBLAS. Returns the number chosen. To be called
/// before the first parallel operation.
int set_threads(int threads);

/// The order in which images and maps [N, C, H, W] lie in memory: channels-last on GPUs and on CPUs with
/// AVX-512, channel by channel on other CPUs, where oneDNN's convolutions are slower channels-last
/// (docs/measurements). Results differ by rounding only.
torch::MemoryFormat memory_format_on(torch::Device device);
/// "channels_last" or "contiguous".
const char* name_of(torch::MemoryFormat format);

}  // namespace segbench::train
