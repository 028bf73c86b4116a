// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec("mean_squared_error",
                                                        "mean squared error of the probabilities",
                                                        "Keras mean_squared_error; Brier score (1950)")};

}  // namespace
}  // namespace segbench::losses
