// SPDX-License-Identifier: MIT
#include "harness/profile/made_up_image.h"

#include <algorithm>

#include "harness/core/random.h"

namespace segbench::profile {

std::vector<std::uint8_t> made_up_image(const Network& network, std::uint64_t seed, std::uint64_t index) {
  core::Stream stream(seed, core::Purpose::kShapes, "profile", 0, index);
  const auto height = static_cast<double>(network.height), width = static_cast<double>(network.width);
  struct Blob {
    double y, x, radius, tone;
  };
  std::vector<Blob> blobs(6);
  for (Blob& blob : blobs) {
    blob = {stream.uniform(0, height), stream.uniform(0, width), stream.uniform(0.05, 0.3) * height,
            stream.uniform(-120, 120)};
  }
  std::vector<std::uint8_t> samples;
  for (std::int64_t y = 0; y < network.height; ++y) {
    for (std::int64_t x = 0; x < network.width; ++x) {
      for (std::int64_t c = 0; c < network.channels; ++c) {
        double level = 60 + 100 * (static_cast<double>(y) / height) + 20 * static_cast<double>(c % 3);
        for (const Blob& blob : blobs) {
          const double dy = static_cast<double>(y) - blob.y, dx = static_cast<double>(x) - blob.x;
          if (dy * dy + dx * dx < blob.radius * blob.radius) level += blob.tone;
        }
        const auto sample = static_cast<std::uint8_t>(std::clamp(level + 12 * stream.normal(), 0.0, 255.0));
        samples.insert(samples.end(), static_cast<std::size_t>(network.range.sample_bytes()), sample);
      }
    }
  }
  return samples;
}

}  // namespace segbench::profile
