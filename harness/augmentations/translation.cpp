// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "translation",
     .summary = "shifts the image; what comes into the frame is black and void",
     .effect = EffectKind::kGeometry,
     .params = {range_param("shift", -0.1, 0.1,
                            "to the right and, drawn by itself, down, as a fraction of width and height", -1,
                            1)},
     .make = [](const core::Json& params) {
       return [shift = Range(params, "shift")](core::Stream& stream, const Extent& extent) {
         const double right = shift.draw(stream) * static_cast<double>(extent.width);
         const double down = shift.draw(stream) * static_cast<double>(extent.height);
         return Affine{.x0 = -right, .y0 = -down};
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
