// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

/// Magnified by s, a pixel at p is read at p / s + t. The window of the image that is seen, or where s < 1
/// the image within the frame, lies anywhere: |t| <= |1 - 1/s| / 2 of the side, drawn uniformly.
const Registration registered{
    {.name = "scale_crop",
     .summary =
         "magnifies the image and crops it to its size at a random place, or makes it smaller and pads it "
         "with black and void",
     .source = "random scaling and cropping as in Chen et al. 2017, DeepLabv3",
     .effect = EffectKind::kGeometry,
     .params = {range_param("scale", 0.75, 1.5, "magnification", 0.1, 10)},
     .make = [](const core::Json& params) {
       return [scale = Range(params, "scale")](core::Stream& stream, const Extent& extent) {
         const double step = 1 / scale.draw(stream), play = std::abs(1 - step) / 2;
         const double right = stream.uniform(-play, play) * static_cast<double>(extent.width);
         const double down = stream.uniform(-play, play) * static_cast<double>(extent.height);
         return Affine{.xx = step, .x0 = right, .yy = step, .y0 = down};
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
