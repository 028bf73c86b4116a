// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

/// Every channel becomes f v + (1 - f) luminance.
ColourMatrix saturation(double factor) {
  ColourMatrix matrix;
  for (std::size_t to = 0; to < 3; ++to) {
    for (std::size_t from = 0; from < 3; ++from) {
      const double grey = luminance_weight(static_cast<std::int64_t>(from), 3);
      matrix.rows.at(3 * to + from) = (to == from ? factor : 0) + (1 - factor) * grey;
    }
  }
  return matrix;
}

const Registration registered{
    {.name = "saturation",
     .summary = "mixes the image with its luminance, or moves it away from it",
     .source = "torchvision adjust_saturation",
     .needs_colour = true,
     .params = {range_param("factor", 0.8, 1.2, "0 is grey, 1 changes nothing", 0, 10)},
     .make = [](const core::Json& params) {
       return [factor = Range(params, "factor")](core::Stream& stream, const Extent&) {
         return ValueEffect(saturation(factor.draw(stream)));
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
