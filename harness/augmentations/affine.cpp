// SPDX-License-Identifier: MIT
#include <cmath>
#include <numbers>

#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

struct Ranges {
  Range degrees, scale, shear, shift;
};

/// Sheared, then turned anticlockwise, then magnified, then shifted: each pixel is read where the inverse of
/// this leads, so the maps stand in the opposite order.
Affine draw_map(const Ranges& ranges, core::Stream& stream, const Extent& extent) {
  constexpr double kDegree = std::numbers::pi / 180;
  const double angle = ranges.degrees.draw(stream) * kDegree, step = 1 / ranges.scale.draw(stream);
  const double lean = std::tan(ranges.shear.draw(stream) * kDegree);
  const double right = ranges.shift.draw(stream) * static_cast<double>(extent.width),
               down = ranges.shift.draw(stream) * static_cast<double>(extent.height);
  const Affine shear{.xy = lean};
  const Affine turn{
      .xx = std::cos(angle), .xy = -std::sin(angle), .yx = std::sin(angle), .yy = std::cos(angle)};
  const Affine magnify{.xx = step, .yy = step}, shift{.x0 = -right, .y0 = -down};
  return compose(compose(compose(shear, turn), magnify), shift);
}

const Registration registered{
    {.name = "affine",
     .summary = "shears, turns, magnifies and shifts in one; what comes into the frame is black and void",
     .effect = EffectKind::kGeometry,
     .params = {range_param("degrees", -15, 15, "angle, positive anticlockwise", -180, 180),
                range_param("scale", 0.8, 1.25, "magnification", 0.1, 10),
                range_param("shear", -10, 10, "angle by which upright lines lean", -60, 60),
                range_param("shift", -0.1, 0.1,
                            "to the right and, drawn by itself, down, as a fraction of width and height", -1,
                            1)},
     .make = [](const core::Json& params) {
       return [ranges = Ranges{Range(params, "degrees"), Range(params, "scale"), Range(params, "shear"),
                               Range(params, "shift")}](core::Stream& stream, const Extent& extent) {
         return draw_map(ranges, stream, extent);
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
