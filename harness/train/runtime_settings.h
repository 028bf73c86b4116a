// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <string>

#include "harness/core/json.h"

// Settings of the process that make it faster: on by default, recorded in the environment of each attempt.

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
/// The same threads within an operation, to at most those that were set, at any time.
void change_threads(int threads);

/// The order in which images and maps [N, C, H, W] lie in memory where a trial begins: whichever was faster
/// for this LibTorch, device, instruction set (docs/measurements) and precision: on a GPU channels-last feeds
/// tensor cores, and costs transpositions where float32 does not use them. Results differ by rounding only,
/// so a trial keeps its own (KeptSettings).
torch::MemoryFormat memory_format_on(torch::Device device, const std::string& precision = "float32");
/// The same for a CPU, from a table of measurements: LibTorch's major version, and whether it has AVX-512.
torch::MemoryFormat measured_memory_format(int libtorch_major, bool has_avx512);
/// "channels_last" or "contiguous".
const char* name_of(torch::MemoryFormat format);
/// The other way round; `fallback` for any other name.
torch::MemoryFormat memory_format_of(const std::string& name, torch::MemoryFormat fallback);

}  // namespace segbench::train
