// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "horizontal_flip",
     .summary = "flips the image left to right",
     .effect = EffectKind::kPermutation,
     .make = [](const core::Json&) { return [](core::Stream&, const Extent&) { return kMirrored; }; }}};

}  // namespace
}  // namespace segbench::augmentations
