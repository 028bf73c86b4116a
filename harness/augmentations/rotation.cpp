// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>

#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

/// Anticlockwise by an angle a, so that a pixel at p is read at the point that lies clockwise of it:
/// (x cos a - y sin a, x sin a + y cos a), y down.
Affine rotation(double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  return {.xx = std::cos(angle), .xy = -std::sin(angle), .yx = std::sin(angle), .yy = std::cos(angle)};
}

const Registration registered{
    {.name = "rotation",
     .summary = "turns the image about its middle; corners that come into the frame are black and void",
     .effect = EffectKind::kGeometry,
     .params = {range_param("degrees", -10, 10, "angle, positive anticlockwise", -180, 180)},
     .make = [](const core::Json& params) {
       return [degrees = Range(params, "degrees")](core::Stream& stream, const Extent&) {
         return rotation(degrees.draw(stream));
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
