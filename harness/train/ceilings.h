// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include "harness/core/json.h"

namespace segbench::train {

/// What this machine reaches at best with LibTorch, with as many threads as are set: the ceilings of a
/// roofline. {"flops_per_s" of a product of square matrices, "bytes_per_s" read and written by a copy that
/// no cache holds, "device", "threads"}; each the best of several runs.
core::Json measure_ceilings(torch::Device device);

}  // namespace segbench::train
