// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/json.h"

// The cheap levers of speed: on by default, recorded in the environment of each attempt.

namespace segbench::train {

/// Makes the C library keep freed memory instead of giving it back to the system: activations come and go
/// with every step, and fresh pages cost more than the work done in them. To be called before anything is
/// allocated. Returns what was set, e.g. {"mmap": false, "trim": false}; values are null where the C library
/// refused.
core::Json keep_freed_memory();

/// Threads within an operation: `threads`, or core::usable_cpus() when 0; one thread between operations. Also
/// bounds the threads of OpenBLAS. Returns the number chosen. To be called before the first parallel
/// operation.
int set_threads(int threads);

}  // namespace segbench::train
