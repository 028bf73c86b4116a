// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/effects/sample.h"

namespace segbench::augmentations {

/// Which of the samples (ascending) is pasted into sample `index`: another one, where there is one.
std::int64_t partner_of(const Mix& mix, std::int64_t index, std::span<const std::int64_t> samples);

/// The classes of the partner that a mix without a rectangle pastes: half of those that its labels show,
/// rounded up, chosen by the key; void is none.
std::array<bool, 256> pasted_classes(const Mix& mix, std::span<const std::uint8_t> partner_labels);

/// Pastes what the mix names, image and labels alike, from `partner` onto `to`, both as they are stored.
void paste(const Mix& mix, const SampleFormat& format, const SampleView& partner, const SampleBytes& to);

}  // namespace segbench::augmentations
