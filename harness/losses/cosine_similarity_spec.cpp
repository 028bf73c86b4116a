// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "cosine_similarity", "minus the cosine of the angle between truth and probabilities, from -1 (best) to 0",
    "Keras cosine_similarity; a sigmoid head counts as two classes")};

}  // namespace
}  // namespace segbench::losses
