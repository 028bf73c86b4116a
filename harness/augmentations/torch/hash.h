// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::augmentations {

/// mix() of effect.h, of numbers below 2^32 in int64.
torch::Tensor mixed(const torch::Tensor& numbers);

}  // namespace segbench::augmentations
