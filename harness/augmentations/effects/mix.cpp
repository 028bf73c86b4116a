// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/mix.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "harness/core/counts.h"

namespace segbench::augmentations {

std::array<bool, 256> pasted_classes(const Mix& by, std::span<const std::uint8_t> partner_labels) {
  std::array<bool, 256> shown{}, chosen{};
  for (const std::uint8_t label : partner_labels) shown[label] = true;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranked;
  for (std::uint32_t c = 0; c < shown.size(); ++c) {
    if (shown[c] && c != core::kVoidLabel)
      ranked.emplace_back(
          mix(mix(c) ^ static_cast<std::uint32_t>(by.key)) ^ static_cast<std::uint32_t>(by.key >> 32), c);
  }
  std::sort(ranked.begin(), ranked.end());
  for (std::size_t i = 0; i < (ranked.size() + 1) / 2; ++i) chosen[ranked[i].second] = true;
  return chosen;
}

std::int64_t partner_of(const Mix& mix, std::int64_t index, std::span<const std::int64_t> samples) {
  const auto own = std::lower_bound(samples.begin(), samples.end(), index);
  const bool among = own != samples.end() && *own == index;
  const std::uint64_t others = samples.size() - (among ? 1 : 0);
  if (others == 0) return index;
  auto place = static_cast<std::size_t>(mix.partner % others);
  if (among && place >= static_cast<std::size_t>(own - samples.begin())) ++place;
  return samples[place];
}

void paste(const Mix& mix, const SampleFormat& format, const SampleView& partner, const SampleBytes& to) {
  const auto pixel_bytes = static_cast<std::size_t>(format.channels * format.range.sample_bytes());
  const std::array<bool, 256> classes =
      mix.rectangle ? std::array<bool, 256>{} : pasted_classes(mix, partner.labels);
  for (std::int64_t row = 0; row < format.extent.height; ++row) {
    for (std::int64_t column = 0; column < format.extent.width; ++column) {
      const auto at = static_cast<std::size_t>(row * format.extent.width + column);
      const bool pasted = mix.rectangle ? row >= mix.rectangle->top &&
                                              row < mix.rectangle->top + mix.rectangle->height &&
                                              column >= mix.rectangle->left &&
                                              column < mix.rectangle->left + mix.rectangle->width
                                        : classes[partner.labels[at]];
      if (!pasted) continue;
      to.labels[at] = partner.labels[at];
      std::memcpy(to.image.data() + at * pixel_bytes, partner.image.data() + at * pixel_bytes, pixel_bytes);
    }
  }
}

}  // namespace segbench::augmentations
