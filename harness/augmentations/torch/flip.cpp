// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/flip.h"

namespace segbench::augmentations {

BatchFlips::BatchFlips(std::vector<Drawn>& drawn, NumberTable& table) {
  std::vector<bool> mirrored, upside_down;
  for (Drawn& sample : drawn) {
    const bool flips = sample.elastic.empty() && is_flip(sample.geometry);
    mirrored.push_back(flips && sample.geometry.xx < 0);
    upside_down.push_back(flips && sample.geometry.yy < 0);
    if (flips) sample.geometry = {};
  }
  for (auto& [dimension, marks] : {std::pair(1, upside_down), std::pair(2, mirrored)}) {
    if (!any_in(marks, 0, table.samples())) continue;
    const std::int64_t row = table.add_rows(1, 0);
    for (std::int64_t i = 0; i < table.samples(); ++i)
      table.set(row, i, marks[static_cast<std::size_t>(i)] ? 1 : 0);
    flips_.push_back({.dimension = dimension, .row = row, .marks = marks});
  }
}

void BatchFlips::apply(const Numbers& numbers, std::int64_t first, torch::Tensor& images,
                       torch::Tensor& labels) const {
  for (const Flip& flip : flips_) {
    if (!any_in(flip.marks, first, numbers.samples())) continue;
    const torch::Tensor marked = numbers.whole(flip.row).to(torch::kBool);
    images = torch::where(marked.view({-1, 1, 1, 1}), images.flip({flip.dimension}), images);
    labels = torch::where(marked.view({-1, 1, 1}), labels.flip({flip.dimension}), labels);
  }
}

}  // namespace segbench::augmentations
