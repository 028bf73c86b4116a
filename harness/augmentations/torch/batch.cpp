// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/batch.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::augmentations {

namespace {

const std::vector<Drawn>& checked(const std::vector<Drawn>& drawn, const NumberTable& table) {
  SEGBENCH_CHECK(table.samples() == static_cast<std::int64_t>(drawn.size()), "{} samples with {} draws",
                 table.samples(), drawn.size());
  SEGBENCH_CHECK(std::all_of(drawn.begin(), drawn.end(), [](const Drawn& d) { return d.views.empty(); }),
                 "a view is still to be chosen");
  return drawn;
}

}  // namespace

BatchEffects::BatchEffects(const std::vector<Drawn>& drawn, const SampleFormat& format, NumberTable& table)
    : warp_(checked(drawn, table), format.extent, table), values_(drawn, format, table) {}

void BatchEffects::apply(const Numbers& numbers, std::int64_t first, torch::Tensor& images,
                         torch::Tensor& labels) const {
  const torch::NoGradGuard no_grad;
  warp_.apply(numbers, first, images, labels);
  values_.apply(numbers, first, images, labels);
}

}  // namespace segbench::augmentations
