// SPDX-License-Identifier: MIT
#include "harness/train/predict_labels.h"

#include <ATen/Parallel.h>

#include <cstdint>

namespace segbench::train {
namespace {

/// One pass over [P, C] rows; LibTorch's own arg max writes an int64 a pixel and is slow along the last
/// dimension.
torch::Tensor argmax_rows(const torch::Tensor& rows) {
  const std::int64_t channels = rows.size(3);
  torch::Tensor labels = torch::empty({rows.size(0), rows.size(1), rows.size(2)}, torch::kByte);
  const float* logits = rows.data_ptr<float>();
  auto* out = labels.data_ptr<std::uint8_t>();
  at::parallel_for(0, labels.numel(), 8192, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const float* row = logits + i * channels;
      std::int64_t best = 0;
      float largest = row[0];
      for (std::int64_t c = 1; c < channels; ++c) {
        best = row[c] > largest ? c : best;
        largest = row[c] > largest ? row[c] : largest;
      }
      out[i] = static_cast<std::uint8_t>(best);
    }
  });
  return labels;
}

}  // namespace

torch::Tensor predict_labels(const torch::Tensor& logits) {
  if (logits.size(1) == 1) return (logits.squeeze(1) > 0).to(torch::kByte);
  if (!logits.device().is_cpu() || logits.scalar_type() != torch::kFloat)
    return logits.argmax(1).to(torch::kByte);
  return argmax_rows(logits.permute({0, 2, 3, 1}).contiguous());
}

}  // namespace segbench::train
