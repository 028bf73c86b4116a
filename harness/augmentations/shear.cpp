// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>

#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

/// A pixel at (x, y) is read at (x + tan(a) y, y).
const Registration registered{
    {.name = "shear",
     .summary = "shifts rows sideways in proportion to their distance from the middle",
     .effect = EffectKind::kGeometry,
     .params = {range_param("degrees", -10, 10, "angle by which upright lines lean", -60, 60)},
     .make = [](const core::Json& params) {
       return [degrees = Range(params, "degrees")](core::Stream& stream, const Extent&) {
         return Affine{.xy = std::tan(degrees.draw(stream) * std::numbers::pi / 180)};
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
