// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "harness/losses/loss.h"
#include "harness/losses/region_sums.h"

// Losses of regions, such as Dice: a loss l_c of each class from sums over the pixels of an image or of a
// batch (region_sums.h), and their mean over the classes (class_mean.h). Class weights are those of that
// mean; a pixel weighs the same whatever its class. Void pixels are in no sum.

namespace segbench::losses {

/// l_c of each class, [..., classes], from its sums; differentiable.
using RegionFormula = std::function<torch::Tensor(const RegionSums& sums)>;

/// The loss of `formula` with the parameters of region_params(). `squared`: RegionSums::predicted is the sum
/// of p^2.
std::unique_ptr<Loss> region_loss(RegionFormula formula, bool squared, const core::Json& params,
                                  const LossOptions& options);

/// (numerator + smooth) / (denominator + smooth); 1 where both are 0: a class that is neither there nor
/// predicted is predicted perfectly.
torch::Tensor smooth_ratio(const torch::Tensor& numerator, const torch::Tensor& denominator, double smooth);

}  // namespace segbench::losses
