// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    pixel_loss_spec("hinge", "hinge loss of the probabilities, with targets 1 and -1", "Keras hinge")};

}  // namespace
}  // namespace segbench::losses
