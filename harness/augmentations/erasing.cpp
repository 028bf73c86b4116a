// SPDX-License-Identifier: MIT
#include "harness/augmentations/random_rectangle.h"
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "erasing",
     .summary = "paints over random rectangles",
     .source = "Zhong et al. 2017, Random Erasing Data Augmentation; DeVries and Taylor 2017, Cutout",
     .effect = EffectKind::kErasing,
     .params = {{.name = "rectangles",
                 .types = core::kInteger,
                 .default_value = 1,
                 .help = "how many",
                 .minimum = 1,
                 .maximum = 100},
                range_param("area", 0.02, 0.2, "size of a rectangle, as a fraction of the image", 0, 1),
                range_param("aspect", 0.5, 2, "height over width, uniform in its logarithm", 0.1, 10),
                {.name = "value",
                 .types = core::kNumber,
                 .default_value = 0.0,
                 .help = "what the rectangles become: 0 is black, 1 white",
                 .minimum = 0,
                 .maximum = 1},
                {.name = "labels",
                 .types = core::kString,
                 .default_value = "kept",
                 .help = "the mask there: kept, so that the network must guess, or void",
                 .choices = {"kept", "void"}}},
     .make = [](const core::Json& params) {
       return [area = Range(params, "area"), aspect = Range(params, "aspect"),
               count = params.at("rectangles").get<int>(), value = params.at("value").get<double>(),
               erases = params.at("labels") == "void"](core::Stream& stream, const Extent& extent) {
         Erase erase{.rectangles = {}, .value = value, .erases_labels = erases};
         for (int i = 0; i < count; ++i)
           erase.rectangles.push_back(draw_rectangle(area, aspect, stream, extent));
         return ValueEffect(std::move(erase));
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
