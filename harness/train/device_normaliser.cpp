// SPDX-License-Identifier: MIT
#include "harness/train/device_normaliser.h"

#include <vector>

namespace segbench::train {

using torch::Tensor;

DeviceNormaliser::DeviceNormaliser(const core::Normalisation& by, std::int64_t channels,
                                   const core::PixelRange& range, torch::Device device)
    : is_wide_(range.bits == 16), swaps_(by.source[0] != 0) {
  const auto constants = [&](const std::vector<double>& values) {
    return torch::tensor(values, torch::kFloat).to(device);
  };
  scale_ = constants(by.scale);
  shift_ = constants(by.shift);
  if (range == core::PixelRange{}) return;
  std::vector<double> low, step;
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
    const auto bounds = range.of(c);
    low.push_back(bounds[0]), step.push_back(255.0 / (bounds[1] - bounds[0]));
  }
  low_ = constants(low), step_ = constants(step);
}

Tensor DeviceNormaliser::numbers(const Tensor& stored) const {
  return is_wide_ ? stored.to(torch::kInt).bitwise_and_(0xFFFF).to(torch::kFloat) : stored.to(torch::kFloat);
}

Tensor DeviceNormaliser::input(Tensor numbers, torch::MemoryFormat format) const {
  if (low_.defined()) numbers.sub_(low_).mul_(step_).clamp_(0, 255);
  if (swaps_) numbers = numbers.flip({3});
  return numbers.mul_(scale_).add_(shift_).permute({0, 3, 1, 2}).contiguous(format);
}

}  // namespace segbench::train
