// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "log_cosh", "logarithm of the hyperbolic cosine of the error of the probabilities", "Keras log_cosh")};

}  // namespace
}  // namespace segbench::losses
