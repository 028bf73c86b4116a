// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "mean_absolute_error", "mean absolute error of the probabilities", "Keras mean_absolute_error")};

}  // namespace
}  // namespace segbench::losses
