// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/effects/sample.h"

namespace segbench::augmentations {

/// Which of the samples (ascending) is pasted into sample `index`: another one, where there is one.
std::int64_t partner_of(const Mix& mix, std::int64_t index, std::span<const std::int64_t> samples);

/// Pastes what the mix names, image and labels alike, from `partner` onto `to`, both as they are stored.
void paste(const Mix& mix, const SampleFormat& format, const SampleView& partner, const SampleBytes& to);

}  // namespace segbench::augmentations
