// SPDX-License-Identifier: MIT
#include "harness/conformance/networks.h"

#include <cstdint>

namespace segbench::conformance {

using architectures::NetworkOptions;

torch::Tensor images(std::int64_t n, const NetworkOptions& options) {
  const auto count = n * options.in_channels * options.image_height * options.image_width;
  const torch::Tensor ramp = torch::arange(count, torch::kFloat64);
  return torch::sin(ramp * 12.9898)
      .mul(43758.5453)
      .frac()
      .to(torch::kFloat32)
      .view({n, options.in_channels, options.image_height, options.image_width});
}

torch::Tensor scalar_of(const torch::Tensor& logits) {
  // Made on the CPU in double precision, so that it is the same for every device and type.
  const torch::Tensor weights = torch::cos(torch::arange(logits.numel(), torch::kFloat64) * 0.37);
  return (logits.reshape({-1}) * weights.to(logits.scalar_type()).to(logits.device())).sum();
}

}  // namespace segbench::conformance
