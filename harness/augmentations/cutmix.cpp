// SPDX-License-Identifier: MIT
#include "harness/augmentations/random_rectangle.h"
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "cutmix",
     .summary = "pastes a rectangle of another training sample, image and mask, before everything else",
     .source = "Yun et al. 2019, CutMix; for segmentation French et al. 2020",
     .effect = EffectKind::kMixing,
     .params = {range_param("area", 0.1, 0.5, "size of the rectangle, as a fraction of the image", 0, 1),
                range_param("aspect", 0.5, 2, "height over width, uniform in its logarithm", 0.1, 10)},
     .make = [](const core::Json& params) {
       return [area = Range(params, "area"), aspect = Range(params, "aspect")](core::Stream& stream,
                                                                               const Extent& extent) {
         Mix mix{.partner = stream.next_u64(), .rectangle = {}, .key = 0};
         mix.rectangle = draw_rectangle(area, aspect, stream, extent);
         return mix;
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
