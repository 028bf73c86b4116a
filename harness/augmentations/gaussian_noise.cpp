// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{
    {.name = "gaussian_noise",
     .summary = "adds to every value a nearly normal number of its own (the sum of four uniform ones)",
     .params = {range_param("deviation", 0, 0.05, "standard deviation, as a fraction of white", 0, 1)},
     .make = [](const core::Json& params) {
       return [deviation = Range(params, "deviation")](core::Stream& stream, const Extent&) {
         const double drawn = deviation.draw(stream);
         return ValueEffect(Noise{.deviation = drawn, .key = stream.next_u64()});
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
