// SPDX-License-Identifier: MIT
#pragma once

#include "harness/augmentations/effects/sample.h"

// The two ways in which apply() moves pixels (sample.h).

namespace segbench::augmentations {

/// Copies what a flip (is_flip()) shows.
void flip(const Affine& map, const SampleFormat& format, const SampleView& from, const SampleBytes& to);

/// Samples at any places.
void warp(const Affine& map, const std::vector<Elastic>& elastic, const SampleFormat& format,
          const SampleView& from, const SampleBytes& to);

}  // namespace segbench::augmentations
