// SPDX-License-Identifier: MIT
#include "harness/train/moving_average.h"

#include <algorithm>

namespace segbench::train {

using torch::Tensor;

void move_average(const NamedTensors& average, const NamedTensors& weights, double decay,
                  std::int64_t update) {
  const torch::NoGradGuard no_grad;
  const auto t = static_cast<double>(update);
  const double kept = std::min(decay, (1 + t) / (10 + t));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    Tensor a = average[i].second;
    const Tensor w = weights[i].second.detach();
    if (w.is_floating_point()) {
      a.lerp_(w, 1 - kept);
    } else {
      a.copy_(w);
    }
  }
}

void exchange_values(const NamedTensors& a, const NamedTensors& b) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < a.size(); ++i) {
    Tensor one = a[i].second.detach(), other = b[i].second.detach();
    const Tensor kept = one.clone();
    one.copy_(other);
    other.copy_(kept);
  }
}

}  // namespace segbench::train
