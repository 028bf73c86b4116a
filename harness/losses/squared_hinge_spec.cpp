// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{
    pixel_loss_spec("squared_hinge", "squared hinge loss of the probabilities, with targets 1 and -1",
                    "Keras squared_hinge")};

}  // namespace
}  // namespace segbench::losses
