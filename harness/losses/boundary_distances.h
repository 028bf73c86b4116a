// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::losses {

// Computed where the labels are: on a CPU by harness/core/distance_transform.h, elsewhere by
// boundary_on_device.h.

/// Distance of each pixel to the nearest pixel of another class, in pixels: labels [N, H, W] uint8 below
/// `classes` or void, returns [N, H, W] float64 on the same device; +inf where an image has no other class,
/// and at void pixels, which belong to no class.
torch::Tensor distances_to_other_classes(const torch::Tensor& labels, std::int64_t classes);

/// The signed distances to the border of each class, [N, classes, H, W] float64: outside of it the distance d
/// to its nearest pixel, inside -(d - 1) with d the distance to the nearest pixel of another class. 0 for a
/// class that an image lacks or is full of, and at void pixels.
torch::Tensor signed_distances(const torch::Tensor& labels, std::int64_t classes);

}  // namespace segbench::losses
