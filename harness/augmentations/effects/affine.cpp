// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/affine.h"

#include <cmath>

namespace segbench::augmentations {
namespace {

std::int64_t fixed(double pixels) {
  return std::llround(pixels * static_cast<double>(FixedAffine::kOne));
}

}  // namespace

Affine compose(const Affine& first, const Affine& second) {
  return {.xx = first.xx * second.xx + first.xy * second.yx,
          .xy = first.xx * second.xy + first.xy * second.yy,
          .x0 = first.xx * second.x0 + first.xy * second.y0 + first.x0,
          .yx = first.yx * second.xx + first.yy * second.yx,
          .yy = first.yx * second.xy + first.yy * second.yy,
          .y0 = first.yx * second.x0 + first.yy * second.y0 + first.y0};
}

bool is_flip(const Affine& map) {
  const auto unit = [](double value) { return value == 1 || value == -1; };
  return unit(map.xx) && unit(map.yy) && map.xy == 0 && map.yx == 0 && map.x0 == 0 && map.y0 == 0;
}

FixedAffine in_fixed_point(const Affine& map, const Extent& extent) {
  const double middle_x = static_cast<double>(extent.width - 1) / 2,
               middle_y = static_cast<double>(extent.height - 1) / 2;
  return {.x = fixed(map.x0 - map.xx * middle_x - map.xy * middle_y + middle_x),
          .x_by_column = fixed(map.xx),
          .x_by_row = fixed(map.xy),
          .y = fixed(map.y0 - map.yx * middle_x - map.yy * middle_y + middle_y),
          .y_by_column = fixed(map.yx),
          .y_by_row = fixed(map.yy)};
}

}  // namespace segbench::augmentations
