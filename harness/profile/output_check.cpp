// SPDX-License-Identifier: MIT
#include "harness/profile/output_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/core/error.h"

namespace segbench::profile {

std::int64_t label_at(const float* logits, std::int64_t outputs, std::int64_t pixels) {
  std::int64_t best = outputs == 1 && logits[0] > 0 ? 1 : 0;
  for (std::int64_t c = 1; c < outputs; ++c) best = logits[c * pixels] > logits[best * pixels] ? c : best;
  return best;
}

OutputCheck compare_outputs(std::span<const float> found, std::span<const float> expected,
                            std::int64_t outputs, std::int64_t pixels) {
  if (found.size() != expected.size()) {
    throw core::UserError(
        fmt::format("it gives {} values, but the reference gives {}", found.size(), expected.size()));
  }
  double largest = 0, scale = 1;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double distance = std::abs(static_cast<double>(found[i]) - expected[i]);
    largest = std::isfinite(distance) ? std::max(largest, distance) : std::numeric_limits<double>::infinity();
    scale = std::max(scale, std::abs(static_cast<double>(expected[i])));
    if (std::isinf(largest)) break;
  }
  OutputCheck check{.error = largest / scale};
  const std::int64_t images = static_cast<std::int64_t>(found.size()) / (outputs * pixels);
  std::int64_t differ = 0;
  for (std::int64_t image = 0; image < images; ++image) {
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
      const std::int64_t at = image * outputs * pixels + pixel;
      differ +=
          label_at(found.data() + at, outputs, pixels) != label_at(expected.data() + at, outputs, pixels);
    }
  }
  if (images > 0) check.labels_differ = static_cast<double>(differ) / static_cast<double>(images * pixels);
  return check;
}

}  // namespace segbench::profile
