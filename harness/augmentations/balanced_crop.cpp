// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const core::ParamSpec kCandidates{.name = "candidates",
                                  .types = core::kInteger,
                                  .default_value = 8,
                                  .help = "how many places are looked at",
                                  .minimum = 2.0,
                                  .maximum = 64.0};

const Registration registered{
    {.name = "balanced_crop",
     .summary =
         "magnifies the image and crops it to its size where its labels, together with the training split's, "
         "come nearest to equal shares of all classes by the earth mover's distance: of several places, each "
         "with a magnification of its own",
     .effect = EffectKind::kChoice,
     .params = {range_param("scale", 1, 2, "magnification", 1, 10), kCandidates},
     .make = [](const core::Json& params) {
       return [scale = Range(params, "scale"), candidates = params.at("candidates").get<int>()](
                  core::Stream& stream, const Extent& extent) {
         Views views;
         for (int i = 0; i < candidates; ++i) {
           const double step = 1 / scale.draw(stream), play = (1 - step) / 2;
           const double right = stream.uniform(-play, play) * static_cast<double>(extent.width);
           const double down = stream.uniform(-play, play) * static_cast<double>(extent.height);
           views.maps.push_back({.xx = step, .x0 = right, .yy = step, .y0 = down});
         }
         return views;
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
