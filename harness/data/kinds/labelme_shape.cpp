// SPDX-License-Identifier: MIT
#include "harness/data/kinds/labelme_shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/core/error.h"
#include "harness/data/codecs/base64.h"
#include "harness/data/codecs/mask_file.h"

namespace segbench::data {
namespace {

using core::Json;

/// Which of a mask's pixels belong to the object.
std::vector<std::uint8_t> inside_of(const RawMask& mask) {
  std::vector<std::uint8_t> inside;
  for (const std::uint16_t value : mask.values) inside.push_back(value != 0 ? 1 : 0);
  for (const Rgb& colour : mask.colours) inside.push_back(colour != Rgb{} ? 1 : 0);
  return inside;
}

/// A mask of the object's box as runs over the image; what leaves the image is cut off.
CocoRuns runs_of_mask(const Json& shape, const std::vector<double>& box, std::int64_t height,
                      std::int64_t width) {
  const RawMask mask = decode_mask(from_base64(shape.at("mask").get<std::string>()));
  const std::vector<std::uint8_t> inside = inside_of(mask);
  constexpr double kFar = 1e8;
  const std::int64_t left = std::llround(std::clamp(box[0], -kFar, kFar)),
                     top = std::llround(std::clamp(box[1], -kFar, kFar));
  CocoRuns runs{height, width, {}};
  std::uint8_t value = 0;
  std::uint32_t count = 0;
  const auto put = [&](std::uint8_t next, std::int64_t pixels) {
    if (next != value) runs.counts.push_back(std::exchange(count, 0));
    value = next;
    count += static_cast<std::uint32_t>(pixels);
  };
  for (std::int64_t x = 0; x < width; ++x) {
    if (x < left || x - left >= mask.width) {
      put(0, height);
      continue;
    }
    for (std::int64_t y = 0; y < height; ++y) {
      const bool covered = y >= top && y - top < mask.height;
      put(covered ? inside[static_cast<std::size_t>((y - top) * mask.width + x - left)] : std::uint8_t{0}, 1);
    }
  }
  runs.counts.push_back(count);
  return runs;
}

bool fits(const std::string& type, Figure figure, std::size_t points) {
  if (type == "oriented_rectangle") return points == 4;
  if (type == "linestrip") return points >= 1;
  switch (figure) {
    case Figure::kPolygon:
      return points >= 3;
    case Figure::kPoint:
      return points == 1;
    default:
      return points == 2;
  }
}

}  // namespace

Outline labelme_outline(const Json& shape, std::int64_t height, std::int64_t width) {
  const Json given = shape.value("shape_type", Json());
  const std::string type = given.is_null() ? "polygon" : given.get<std::string>();
  std::vector<double> xy;
  for (const Json& point : shape.at("points")) xy.insert(xy.end(), {point.at(0), point.at(1)});
  const auto wrong_number = [&] {
    return core::UserError(fmt::format("a {} cannot have {} points", type, xy.size() / 2));
  };
  Outline outline;
  if (type == "mask") {
    if (xy.size() != 4) throw wrong_number();
    outline.runs.push_back(runs_of_mask(shape, xy, height, width));
    return outline;
  }
  const std::optional<Figure> figure = figure_of(type);
  if (!figure) {
    throw core::UserError(
        fmt::format("a shape of type \"{}\" is not drawn; polygon, rectangle, oriented_rectangle, circle, "
                    "point, line, linestrip and mask are",
                    type));
  }
  if (!fits(type, *figure, xy.size() / 2)) throw wrong_number();
  outline.figure = *figure;
  outline.polygons.push_back(std::move(xy));
  return outline;
}

}  // namespace segbench::data
