// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include "harness/core/counts.h"
#include "harness/losses/loss.h"

namespace segbench::losses {

struct Batch {
  torch::Tensor logits, labels;
};

/// 3 images of 61 x 70, so that blocks of a fused pass end within an image; every class and void occur.
inline Batch random_batch(int channels, int num_classes, torch::ScalarType type = torch::kDouble) {
  torch::manual_seed(7);
  const torch::Tensor labels = torch::randint(0, num_classes + 1, {3, 61, 70}, torch::kLong);
  return {(torch::randn({3, channels, 61, 70}, type) * 3).contiguous(torch::MemoryFormat::ChannelsLast),
          labels.masked_fill(labels == num_classes, core::kVoidLabel).to(torch::kByte)};
}

/// Of the loss of a batch.
inline torch::Tensor gradient_of(const Loss& loss, const torch::Tensor& logits, const torch::Tensor& labels) {
  const torch::Tensor leaf = logits.detach().requires_grad_(true);
  loss.mean(leaf, labels).backward();
  return leaf.grad();
}

}  // namespace segbench::losses
