// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

constexpr std::int64_t kLargestSpacing = 128;

/// The spacing of the nodes in pixels; the displacement is a fraction of it, so that nothing folds over.
std::int64_t spacing_of(double fraction, const Extent& extent) {
  const double side = static_cast<double>(std::min(extent.height, extent.width));
  return std::clamp<std::int64_t>(std::llround(fraction * side), 2, kLargestSpacing);
}

const Registration registered{
    {.name = "elastic",
     .summary = "moves pixels by smooth random displacements; what comes into the frame is black and void",
     .source = "after Simard, Steinkraus, Platt 2003, Best Practices for Convolutional Neural Networks; "
               "smooth noise "
               "on a grid instead of blurred noise of each pixel",
     .effect = EffectKind::kGeometry,
     .params = {range_param("amplitude", 0.05, 0.25,
                            "largest displacement in each direction, as a fraction of the grid's spacing", 0,
                            0.3),
                {.name = "spacing",
                 .types = core::kNumber,
                 .default_value = 0.2,
                 .help = "of the grid, as a fraction of the shorter side; at most 128 pixels",
                 .minimum = 0.01,
                 .maximum = 1}},
     .make = [](const core::Json& params) {
       return [amplitude = Range(params, "amplitude"), fraction = params.at("spacing").get<double>()](
                  core::Stream& stream, const Extent& extent) {
         const std::int64_t spacing = spacing_of(fraction, extent);
         const double pixels = amplitude.draw(stream) * static_cast<double>(spacing);
         return Elastic{.amplitude = pixels, .spacing = spacing, .key = stream.next_u64()};
       };
     }}};

}  // namespace
}  // namespace segbench::augmentations
