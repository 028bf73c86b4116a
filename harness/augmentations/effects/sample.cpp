// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/sample.h"

#include "harness/augmentations/effects/geometry.h"
#include "harness/augmentations/effects/values.h"
#include "harness/core/error.h"

namespace segbench::augmentations {

void apply(const Drawn& drawn, const SampleFormat& format, const SampleView& from, const SampleBytes& to,
           Scratch& scratch) {
  SEGBENCH_CHECK(from.image.size() == format.image_bytes() && to.image.size() == format.image_bytes() &&
                     from.labels.size() == format.pixels() && to.labels.size() == format.pixels(),
                 "a sample of {} and {} bytes for {} and {}", from.image.size(), to.image.size(),
                 format.image_bytes(), format.pixels());
  if (drawn.elastic.empty() && is_flip(drawn.geometry))
    flip(drawn.geometry, format, from, to);
  else
    warp(drawn.geometry, drawn.elastic, format, from, to);
  if (!drawn.values.empty()) change_values(drawn.values, format, to, scratch);
}

}  // namespace segbench::augmentations
