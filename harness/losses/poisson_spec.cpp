// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    pixel_loss_spec("poisson", "negative log-likelihood of a Poisson distribution", "Keras poisson")};

}  // namespace
}  // namespace segbench::losses
