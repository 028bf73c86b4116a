// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>

#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

/// The rotation about the grey axis of W3C, Filter Effects Module Level 1, feColorMatrix hueRotate, in the
/// values of the image as they are: greys and the luminance (0.213, 0.715, 0.072) stay.
ColourMatrix hue_rotation(double degrees) {
  const double angle = degrees * std::numbers::pi / 180, c = std::cos(angle), s = std::sin(angle);
  return {{0.213 + c * 0.787 - s * 0.213, 0.715 - c * 0.715 - s * 0.715, 0.072 - c * 0.072 + s * 0.928,
           0.213 - c * 0.213 + s * 0.143, 0.715 + c * 0.285 + s * 0.140, 0.072 - c * 0.072 - s * 0.283,
           0.213 - c * 0.213 - s * 0.787, 0.715 - c * 0.715 + s * 0.715, 0.072 + c * 0.928 + s * 0.072}};
}

const Registration registered{
    {.name = "hue",
     .summary = "turns all colours about the grey axis",
     .source = "W3C, Filter Effects Module Level 1, feColorMatrix hueRotate",
     .needs_colour = true,
     .params = {range_param("degrees", -18, 18, "angle; 120 makes red green", -180, 180)},
     .make = [](const core::Json& params) {
       return [degrees = Range(params, "degrees")](core::Stream& stream, const Extent&) {
         return ValueEffect(hue_rotation(degrees.draw(stream)));
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
