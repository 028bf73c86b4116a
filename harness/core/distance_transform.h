// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace segbench::core {

/// Euclidean distance of each pixel of a [height, width] map to the nearest one that is set, in pixels; +inf
/// everywhere where none is. Exact (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012), in time
/// proportional to the number of pixels. `set` holds 0 or not 0, row-major.
std::vector<double> distance_transform(std::span<const std::uint8_t> set, std::int64_t height,
                                       std::int64_t width);

}  // namespace segbench::core
