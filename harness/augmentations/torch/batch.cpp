// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/batch.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::augmentations {
namespace {

using torch::Tensor;

/// The range's low, or its high minus low, of each channel.
Tensor of_channels(const core::PixelRange& range, const Tensor& like, bool span) {
  std::vector<float> numbers;
  for (std::int64_t c = 0; c < like.size(-1); ++c) {
    const auto [low, high] = range.of(static_cast<std::size_t>(c));
    numbers.push_back(static_cast<float>(span ? high - low : low));
  }
  return torch::tensor(numbers, torch::kFloat).to(like.device());
}

}  // namespace

void apply(const std::vector<Drawn>& drawn, const core::PixelRange& range, Tensor& images, Tensor& labels) {
  SEGBENCH_CHECK(images.dim() == 4 && images.size(0) == static_cast<std::int64_t>(drawn.size()),
                 "{} samples with {} draws", images.size(0), drawn.size());
  SEGBENCH_CHECK(std::all_of(drawn.begin(), drawn.end(), [](const Drawn& d) { return d.views.empty(); }),
                 "a view is still to be chosen");
  const torch::NoGradGuard no_grad;
  if (std::any_of(drawn.begin(), drawn.end(), [](const Drawn& d) { return d.moves(); }))
    warp(drawn, images, labels);
  const bool any = std::any_of(drawn.begin(), drawn.end(), [](const Drawn& d) { return !d.values.empty(); });
  if (!any) return;
  const Tensor low = of_channels(range, images, false), span = of_channels(range, images, true);
  const double most = range.bits == 16 ? 65535 : 255;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i].values.empty()) continue;
    const auto index = static_cast<std::int64_t>(i);
    Tensor values = images[index].sub(low).div_(span).clamp_(0, 1), mask = labels[index];
    change_values(drawn[i].values, values, mask);
    images[index].copy_(values.mul_(span).add_(low).add_(0.5).floor_().clamp_(0, most));
  }
}

}  // namespace segbench::augmentations
