// SPDX-License-Identifier: MIT
#pragma once

#include "harness/augmentations/effects/effect.h"
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {

/// A rectangle of a share of the image and a ratio of height to width, cut to the image where it is longer
/// than a side, anywhere within it.
Rectangle draw_rectangle(const Range& area, const Range& aspect, core::Stream& stream, const Extent& extent);

}  // namespace segbench::augmentations
