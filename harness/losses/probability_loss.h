// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "harness/losses/loss.h"

namespace segbench::losses {

/// v of each pixel, [P], from the probabilities p and the truth y (0 or 1 in the type of p) of each class,
/// both [P, classes]; of a sigmoid head, as in Keras, of class 1 alone: [P, 1].
using ProbabilityFormula = torch::Tensor (*)(const torch::Tensor& p, const torch::Tensor& y,
                                             const core::Json& params);

/// The weighted mean over pixels (pixel_loss.h) of a loss that is defined on probabilities, with the
/// parameters of probability_params().
std::unique_ptr<Loss> probability_loss(ProbabilityFormula formula, const core::Json& params,
                                       const LossOptions& options);

}  // namespace segbench::losses
