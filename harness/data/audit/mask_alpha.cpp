// SPDX-License-Identifier: MIT
#include <variant>

#include "harness/data/audit/mask_hints.h"

namespace segbench::data {

bool lies_in_alpha(const StoredImage& stored) {
  if (stored.alpha < 0 || stored.channels < 2) return false;
  return std::visit(
      [&](const auto& samples) {
        const auto channels = static_cast<std::size_t>(stored.channels);
        bool drawn = false;
        for (std::size_t i = channels; i < samples.size(); ++i) {
          if (samples[i] == samples[i % channels]) continue;
          if (static_cast<int>(i % channels) != stored.alpha) return false;
          drawn = true;
        }
        return drawn;
      },
      stored.samples);
}

}  // namespace segbench::data
