// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace segbench::core {

/// What a squared distance is at least where nothing is set: more than any between pixels.
inline constexpr std::int64_t kInfinitelyFar = std::int64_t{1} << 40;

/// Squared Euclidean distance of each pixel of a [height, width] map to the nearest one that is set;
/// kInfinitelyFar or more everywhere where none is. Exact (Felzenszwalb and Huttenlocher, Theory of Computing
/// 8, 2012), in time proportional to the number of pixels. `set` holds 0 or not 0, row-major.
std::vector<std::int64_t> squared_distances(std::span<const std::uint8_t> set, std::int64_t height,
                                            std::int64_t width);

}  // namespace segbench::core
