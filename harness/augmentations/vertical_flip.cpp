// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "vertical_flip",
     .summary = "flips the image upside down",
     .effect = EffectKind::kPermutation,
     .make = [](const core::Json&) { return [](core::Stream&, const Extent&) { return kUpsideDown; }; }}};

}  // namespace
}  // namespace segbench::augmentations
