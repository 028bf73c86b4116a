// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::losses {

/// lovasz_extension() (lovasz.h) with its gradient in one pass over each row on the CPU: errors [..., P]
/// float or double, truth [..., P] bool. Rows run in parallel. Single precision is sorted by radix, and a
/// class that has no pixel, whose loss is its largest error, is not sorted.
torch::Tensor fused_lovasz_extension(const torch::Tensor& errors, const torch::Tensor& truth);

}  // namespace segbench::losses
