// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <span>

#include "harness/train/prediction.h"

// What is predicted, as files hold it.

namespace segbench::train {

/// [N, H, W] uint8 in C order.
inline torch::Tensor labels_on_host(const Prediction& prediction) {
  return prediction.labels().cpu().contiguous();
}

/// [N, classes, H, W] float32 in C order.
inline torch::Tensor probabilities_on_host(const Prediction& prediction) {
  return prediction.probabilities().to(torch::kCPU, torch::kFloat).contiguous();
}

/// The values of a contiguous tensor on the CPU, which must outlive them.
inline std::span<const std::byte> bytes_of(const torch::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

}  // namespace segbench::train
