// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/mix.h"

#include <algorithm>

namespace segbench::augmentations {
namespace {

using torch::Tensor;

constexpr std::int64_t kWordBits = 32, kWords = 256 / kWordBits;  ///< of a set of classes

/// Where [N, H, W] labels are in their sample's set of classes, [N, kWords].
Tensor is_among(const Tensor& labels, const Tensor& words) {
  const Tensor flat = labels.flatten(1).to(torch::kLong);
  const Tensor word = words.gather(1, flat.bitwise_right_shift(5));
  return word.bitwise_right_shift(flat.bitwise_and(kWordBits - 1))
      .bitwise_and(1)
      .to(torch::kBool)
      .view_as(labels);
}

}  // namespace

BatchMixes::BatchMixes(const std::vector<std::vector<Paste>>& pastes, NumberTable& table) {
  std::size_t most = 0;
  for (const std::vector<Paste>& some : pastes) most = std::max(most, some.size());
  for (std::size_t k = 0; k < most; ++k) {
    Slot slot{.partner = table.add_rows(1, 0),
              .rectangle = table.add_rows(4, 0),
              .classes = table.add_rows(kWords, 0),
              .of_rectangle = std::vector<bool>(pastes.size()),
              .of_classes = std::vector<bool>(pastes.size())};
    for (std::size_t n = 0; n < pastes.size(); ++n) {
      if (k >= pastes[n].size()) continue;
      const Paste& paste = pastes[n][k];
      const auto sample = static_cast<std::int64_t>(n);
      table.set(slot.partner, sample, static_cast<double>(paste.partner));
      (paste.rectangle ? slot.of_rectangle : slot.of_classes)[n] = true;
      if (paste.rectangle) {
        const auto [top, left, height, width] = *paste.rectangle;
        std::int64_t row = slot.rectangle;
        for (const std::int64_t edge : {top, top + height, left, left + width})
          table.set(row++, sample, static_cast<double>(edge));
        continue;
      }
      for (std::int64_t word = 0; word < kWords; ++word) {
        double bits = 0;
        for (std::int64_t bit = kWordBits - 1; bit >= 0; --bit)
          bits = 2 * bits + (paste.classes[static_cast<std::size_t>(word * kWordBits + bit)] ? 1 : 0);
        table.set(slot.classes + word, sample, bits);
      }
    }
    slots_.push_back(std::move(slot));
  }
}

void BatchMixes::apply(const Numbers& numbers, std::int64_t first, const Tensor& all_images,
                       const Tensor& all_labels, Tensor& images, Tensor& labels) const {
  const std::int64_t count = numbers.samples();
  for (const Slot& slot : slots_) {
    const bool rectangles = any_in(slot.of_rectangle, first, count),
               classes = any_in(slot.of_classes, first, count);
    if (!rectangles && !classes) continue;
    const Tensor partner = numbers.whole(slot.partner).flatten();
    const Tensor partner_labels = all_labels.index_select(0, partner);
    Tensor pasted = torch::zeros_like(labels, torch::kBool);
    if (rectangles)
      pasted = pasted | inside(numbers.whole(slot.rectangle, 4), labels.size(1), labels.size(2));
    if (classes) pasted = pasted | is_among(partner_labels, numbers.whole(slot.classes, kWords));
    labels = torch::where(pasted, partner_labels, labels);
    images = torch::where(pasted.unsqueeze(3), all_images.index_select(0, partner), images);
  }
}

}  // namespace segbench::augmentations
