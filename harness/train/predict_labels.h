// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::train {

/// The class of every pixel: logits [N, C, H, W] to labels [N, H, W] uint8 on the same device. For C > 1 the
/// class of the largest logit (on a CPU the first one of equals), for C = 1 class 1 where sigmoid(z) > 0.5,
/// that is z > 0.
torch::Tensor predict_labels(const torch::Tensor& logits);

}  // namespace segbench::train
