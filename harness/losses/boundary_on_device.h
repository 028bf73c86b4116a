// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

// boundary_distances.h in tensor operations, so that a device computes them itself and nobody waits for it.
// The results are equal to the last bit.

namespace segbench::losses {

/// The floating-point numbers that are held at a time, at most, or one column of pixels of every image and
/// class: 64 MiB of float32.
inline constexpr std::int64_t kMostDistances = std::int64_t{1} << 24;

/// Squared Euclidean distance of each pixel to the nearest one that is set, [M, H, W] bool, on the same
/// device; +inf everywhere where none is. Exact: float32 where the diagonal's square is below 2^24, else
/// float64. The nearest one of each column first, then the least sum along the rows (Felzenszwalb and
/// Huttenlocher, Theory of Computing 8, 2012, whose lower envelope is found here by trying all columns).
torch::Tensor squared_distances(const torch::Tensor& set, std::int64_t most = kMostDistances);

/// distances_to_other_classes() of labels that are below `classes` or void.
torch::Tensor other_distances_on_device(const torch::Tensor& labels, std::int64_t classes,
                                        std::int64_t most = kMostDistances);
/// signed_distances().
torch::Tensor signed_distances_on_device(const torch::Tensor& labels, std::int64_t classes,
                                         std::int64_t most = kMostDistances);

}  // namespace segbench::losses
