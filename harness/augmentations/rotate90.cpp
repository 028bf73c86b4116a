// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

/// By one to three quarter turns, anticlockwise.
Affine quarter_turns(std::uint64_t turns) {
  if (turns == 1) return {.xx = 0, .xy = -1, .yx = 1, .yy = 0};
  if (turns == 2) return {.xx = -1, .yy = -1};
  return {.xx = 0, .xy = 1, .yx = -1, .yy = 0};
}

const Registration registered{
    {.name = "rotate90",
     .summary =
         "turns the image by 90, 180 or 270 degrees; what leaves the frame of an oblong image is cut off",
     .effect = EffectKind::kPermutation,
     .probability = 0.75,
     .make = [](const core::Json&) {
       return [](core::Stream& stream, const Extent&) { return quarter_turns(1 + stream.below(3)); };
     }}};

}  // namespace
}  // namespace segbench::augmentations
