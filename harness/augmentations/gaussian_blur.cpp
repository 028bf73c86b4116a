// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "gaussian_blur",
     .summary = "convolves the image with a Gaussian, cut off at three standard deviations",
     .params = {range_param("deviation", 0.1, 2, "standard deviation in pixels", 0, 50)},
     .make = [](const core::Json& params) {
       return [deviation = Range(params, "deviation")](core::Stream& stream, const Extent&) {
         return ValueEffect(Blur{.deviation = deviation.draw(stream)});
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
