// SPDX-License-Identifier: MIT
#include "harness/conformance/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/core/error.h"

namespace segbench::conformance {
namespace {

constexpr double kSmallestScale = 1e-4;

torch::Tensor on_cpu(const torch::Tensor& tensor) {
  return tensor.detach().to(torch::kCPU).to(torch::kDouble);
}

double root_mean_square(const torch::Tensor& tensor) {
  return tensor.numel() == 0 ? 0 : std::sqrt(tensor.square().mean().item<double>());
}

}  // namespace

double distance(const Tensors& found, const Tensors& reference) {
  SEGBENCH_CHECK(found.size() == reference.size(), "{} tensors are compared with {}", found.size(),
                 reference.size());
  double largest = 0, worst = 0;
  for (const auto& [name, tensor] : reference) largest = std::max(largest, root_mean_square(on_cpu(tensor)));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& [name, expected] = reference[i];
    SEGBENCH_CHECK(found[i].first == name && found[i].second.sizes() == expected.sizes(),
                   "{} is compared with {}", found[i].first, name);
    const double apart = root_mean_square(on_cpu(found[i].second) - on_cpu(expected));
    const double scale = std::max(root_mean_square(on_cpu(expected)), kSmallestScale * largest);
    if (apart == 0) continue;
    const double fraction = apart / scale;
    if (!std::isfinite(fraction)) return std::numeric_limits<double>::infinity();
    worst = std::max(worst, fraction);
  }
  return worst;
}

}  // namespace segbench::conformance
