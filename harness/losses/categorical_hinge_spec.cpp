// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "categorical_hinge",
    "by how much the largest probability of a wrong class comes close to that of the right one",
    "Keras categorical_hinge; a sigmoid head counts as two classes")};

}  // namespace
}  // namespace segbench::losses
