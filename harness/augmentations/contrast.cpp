// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "contrast",
     .summary = "moves all values away from the mean luminance of the image, or towards it",
     .source = "torchvision adjust_contrast, without rounding the mean",
     .params = {range_param("factor", 0.8, 1.2, "0 is flat grey, 1 changes nothing", 0, 10)},
     .make = [](const core::Json& params) {
       return [factor = Range(params, "factor")](core::Stream& stream, const Extent&) {
         return ValueEffect(Tone{.gain = factor.draw(stream), .about_mean = true});
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
