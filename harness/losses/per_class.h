// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "harness/losses/pixel_loss.h"

namespace segbench::losses {

/// Name of the head with a sigmoid for each class: a network that tells every class from all others, as
/// multi-label networks do.
inline constexpr const char* kSigmoidPerClass = "sigmoid_per_class";

/// The mean over the classes of what `binary`, a loss of one logit, says of each one's logit: class 1 where
/// the pixel is of the class, else class 0.
std::unique_ptr<PixelLoss> per_class(std::unique_ptr<PixelLoss> binary);

}  // namespace segbench::losses
