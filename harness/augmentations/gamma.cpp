// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "gamma",
     .summary = "raises all values, black being 0 and white 1, to one power",
     .source = "torchvision adjust_gamma",
     .params = {range_param("exponent", 0.8, 1.25, "below 1 dark parts become brighter", 0.1, 10)},
     .make = [](const core::Json& params) {
       return [exponent = Range(params, "exponent")](core::Stream& stream, const Extent&) {
         return ValueEffect(Tone{.exponent = exponent.draw(stream)});
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
