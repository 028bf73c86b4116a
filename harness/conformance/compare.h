// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <string>
#include <utility>
#include <vector>

namespace segbench::conformance {

/// What a part computes: tensors of any device and type, by name, the same names in the same order each time.
using Tensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// How far `found` is from `reference`: the largest of the tensors' distances, each the root mean square of
/// its difference as a fraction of that of the reference tensor (of a ten-thousandth of the largest one's
/// where that is more: a gradient that is zero but for rounding has no scale of its own). Infinite where
/// something is not finite; 0 of nothing. Throws core::InternalError when they are not of the same names and
/// shapes.
double distance(const Tensors& found, const Tensors& reference);

}  // namespace segbench::conformance
