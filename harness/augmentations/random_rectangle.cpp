// SPDX-License-Identifier: MIT
#include "harness/augmentations/random_rectangle.h"

#include <algorithm>
#include <cmath>

namespace segbench::augmentations {

Rectangle draw_rectangle(const Range& area, const Range& aspect, core::Stream& stream, const Extent& extent) {
  const double pixels = area.draw(stream) * static_cast<double>(extent.height * extent.width);
  const double ratio = std::exp(stream.uniform(std::log(aspect.low), std::log(aspect.high)));
  Rectangle rectangle;
  rectangle.height = std::clamp<std::int64_t>(std::llround(std::sqrt(pixels * ratio)), 0, extent.height);
  rectangle.width = std::clamp<std::int64_t>(std::llround(std::sqrt(pixels / ratio)), 0, extent.width);
  const auto anywhere = [&](std::int64_t room) {
    return static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(room + 1)));
  };
  rectangle.top = anywhere(extent.height - rectangle.height);
  rectangle.left = anywhere(extent.width - rectangle.width);
  return rectangle;
}

}  // namespace segbench::augmentations
