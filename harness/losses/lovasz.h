// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::losses {

/// The Lovász extension of the Jaccard loss (Berman, Rannen Triki and Blaschko, CVPR 2018, algorithm 1):
/// `errors` and `truth` (whether a pixel is of the class) are [..., P]; returns [...] float64. With the
/// errors sorted from the largest, each positive one counts by how much the Jaccard loss grows when its pixel
/// is wrong too. A pixel whose error is not positive has no say.
torch::Tensor lovasz_extension(const torch::Tensor& errors, const torch::Tensor& truth);

}  // namespace segbench::losses
