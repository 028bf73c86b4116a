// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{{.name = "brightness",
                               .summary = "multiplies all values by one factor",
                               .source = "torchvision adjust_brightness",
                               .params = {range_param("factor", 0.8, 1.2, "1 changes nothing", 0, 10)},
                               .make = [](const core::Json& params) {
                                 return
                                     [factor = Range(params, "factor")](core::Stream& stream, const Extent&) {
                                       return ValueEffect(Tone{.gain = factor.draw(stream)});
                                     };
                               }}};

}  // namespace
}  // namespace segbench::augmentations
