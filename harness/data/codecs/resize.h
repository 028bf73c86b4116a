// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/data/codecs/image.h"

// Images and label maps are resized with the same centre convention, the half-pixel rule: output pixel i of m
// lies at (i + 1/2) * n / m - 1/2 of the n input pixels. All arithmetic is in integers, so results are the
// same everywhere.

namespace segbench::data {

/// Bilinear interpolation (separable, edges clamped, no antialiasing), the exact value rounded half up: the
/// rule of OpenCV INTER_LINEAR and torch interpolate(align_corners=False), which differ from it by at most
/// one grey level.
Image resize_bilinear(const Image& image, std::int64_t height, std::int64_t width);

/// Input index of each of `output` positions: floor((2 i + 1) * input / (2 output)), as Pillow NEAREST and
/// torch "nearest-exact".
std::vector<std::int64_t> nearest_indices(std::int64_t input, std::int64_t output);

/// Nearest neighbour by nearest_indices() in both directions.
LabelMap resize_nearest(const LabelMap& map, std::int64_t height, std::int64_t width);

}  // namespace segbench::data
