// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "kl_divergence", "Kullback-Leibler divergence of the truth from the probabilities, clipped as in Keras",
    "Keras kl_divergence, which looks at class 1 alone with a sigmoid head; Kullback and Leibler, 1951")};

}  // namespace
}  // namespace segbench::losses
