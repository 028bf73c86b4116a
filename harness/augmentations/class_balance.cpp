// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

/// Changes no sample: the trainer asks for its trait when it draws the samples of an epoch
/// (train/balanced_order.h).
const Registration registered{
    {.name = "class_balance",
     .summary =
         "draws an epoch's samples so that their labels approach balance: each is, of 16, that which brings "
         "the "
         "shares of the classes nearest to equal ones by the earth mover's distance, so images with rare "
         "classes come several times, augmented anew each time, and others not at all; the probability is "
         "that of "
         "drawing so",
     .effect = EffectKind::kSampling,
     .probability = 1,
     .params = {},
     .make = [](const core::Json&) { return [](core::Stream&, const Extent&) { return Affine{}; }; }}};

}  // namespace
}  // namespace segbench::augmentations
