// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/effect.h"

#include <array>
#include <cmath>

namespace segbench::augmentations {

double luminance_weight(std::int64_t channel, std::int64_t channels) {
  constexpr std::array<double, 3> kWeights = {0.299, 0.587, 0.114};
  return channels == 3 ? kWeights.at(static_cast<std::size_t>(channel)) : 1.0 / static_cast<double>(channels);
}

std::vector<float> blur_weights(const Blur& blur) {
  const auto radius = static_cast<int>(std::ceil(3 * blur.deviation));
  std::vector<double> weights;
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) {
    weights.push_back(blur.deviation > 0 ? std::exp(-0.5 * i * i / (blur.deviation * blur.deviation)) : 1.0);
    sum += weights.back();
  }
  std::vector<float> normalised;
  for (const double weight : weights) normalised.push_back(static_cast<float>(weight / sum));
  return normalised;
}

float noise_at(std::uint64_t key, std::uint32_t i) {
  const std::uint32_t first = mix(mix(2 * i) ^ static_cast<std::uint32_t>(key)),
                      second = mix(mix(2 * i + 1) ^ static_cast<std::uint32_t>(key >> 32));
  const auto sum =
      static_cast<std::int32_t>((first & 0xFFFF) + (first >> 16) + (second & 0xFFFF) + (second >> 16)) -
      2 * 0xFFFF;
  return static_cast<float>(sum) / static_cast<float>(kNoiseSumDeviation);
}

}  // namespace segbench::augmentations
