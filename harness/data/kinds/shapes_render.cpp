// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdlib>

#include "harness/data/kinds/shapes_scene.h"

namespace segbench::data {
namespace {

/// A point in a shape's own axes.
struct Local {
  std::int64_t u, v, squared;  ///< along the axis, across it, distance from the centre squared
};

Local local(const Shape& shape, std::int64_t x, std::int64_t y) {
  const std::int64_t dx = x - shape.x, dy = y - shape.y;
  return {(dx * shape.axis_x + dy * shape.axis_y) / kSceneUnit,
          (dy * shape.axis_x - dx * shape.axis_y) / kSceneUnit, dx * dx + dy * dy};
}

bool contains(const Shape& shape, const Local& p) {
  const std::int64_t r = shape.radius;
  const bool in_disc = p.squared < r * r, in_box = std::abs(p.u) < r && std::abs(p.v) < shape.inner;
  const bool outside_hole = p.squared >= shape.inner * shape.inner;
  switch (shape.kind) {
    case ShapeClass::kDisc:
      return in_disc;
    case ShapeClass::kBox:
      return in_box;
    case ShapeClass::kRing:
      return in_disc && outside_hole;
    case ShapeClass::kStriped:
      return shape.round ? in_disc : in_box;
    case ShapeClass::kTriangle:
      return 2 * p.v > -r && 1732 * std::abs(p.u) + 1000 * p.v < 1000 * r;
    case ShapeClass::kWire:
      return in_disc && outside_hole && p.v > 0;
    case ShapeClass::kBackground:
      break;
  }
  return false;
}

/// A hash of a lattice point, 0…255 (the finaliser of MurmurHash3, which is in the public domain).
std::int64_t lattice(std::uint32_t key, std::int64_t x, std::int64_t y) {
  std::uint32_t h =
      key ^ (static_cast<std::uint32_t>(x) * 0x9E3779B1U) ^ (static_cast<std::uint32_t>(y) * 0x85EBCA77U);
  h = (h ^ h >> 16) * 0x85EBCA6BU;
  h = (h ^ h >> 13) * 0xC2B2AE35U;
  return (h ^ h >> 16) & 255;
}

/// Value noise, 0…255: lattice values interpolated bilinearly. x and y are not negative.
std::int64_t smooth_noise(const Paint& paint, std::int64_t x, std::int64_t y) {
  const std::int64_t g = paint.grain, ix = x / g, iy = y / g, fx = x % g, fy = y % g;
  const auto row = [&](std::int64_t j) {
    return (lattice(paint.noise_key, ix, j) * (g - fx) + lattice(paint.noise_key, ix + 1, j) * fx) / g;
  };
  return (row(iy) * (g - fy) + row(iy + 1) * fy) / g;
}

std::array<std::int64_t, 3> mix(const Paint& paint, std::int64_t share) {
  std::array<std::int64_t, 3> colour{};
  for (std::size_t c = 0; c < 3; ++c)
    colour[c] = (paint.first[c] * (255 - share) + paint.second[c] * share) / 255;
  return colour;
}

struct Point {
  std::array<std::int64_t, 3> colour;
  ShapeClass kind;
};

/// The topmost shape at a point.
Point look_at(const Scene& scene, std::int64_t x, std::int64_t y) {
  for (auto shape = scene.shapes.rbegin(); shape != scene.shapes.rend(); ++shape) {
    const Local p = local(*shape, x, y);
    if (!contains(*shape, p)) continue;
    const bool band = ((p.u + 4 * kSceneUnit) / shape->paint.grain) % 2 != 0;
    const std::int64_t share = shape->kind != ShapeClass::kStriped ? smooth_noise(shape->paint, x, y)
                               : band                              ? 255
                                                                   : 0;
    return {mix(shape->paint, share), shape->kind};
  }
  return {mix(scene.background, smooth_noise(scene.background, x, y)), ShapeClass::kBackground};
}

/// Brightness at a point, 256 = 1, between the corners.
std::int64_t light_at(const Scene& scene, std::int64_t x, std::int64_t y) {
  const auto& [tl, tr, bl, br] = scene.light;
  const std::int64_t top = tl * (kSceneUnit - x) + tr * x, bottom = bl * (kSceneUnit - x) + br * x;
  return (top * (kSceneUnit - y) + bottom * y) / (kSceneUnit * kSceneUnit);
}

}  // namespace

DecodedSample render_scene(const Scene& scene, std::int64_t height, std::int64_t width) {
  DecodedSample sample{{height, width, 3, {}}, {height, width, {}}};
  sample.image.pixels.reserve(static_cast<std::size_t>(height * width * 3));
  sample.labels.labels.reserve(static_cast<std::size_t>(height * width));
  for (std::int64_t row = 0; row < height; ++row) {
    for (std::int64_t column = 0; column < width; ++column) {
      std::array<std::int64_t, 3> sum{};
      for (std::int64_t s = 0; s < 9; ++s) {
        const std::int64_t x = (6 * column + 2 * (s % 3) + 1) * kSceneUnit / (6 * width);
        const std::int64_t y = (6 * row + 2 * (s / 3) + 1) * kSceneUnit / (6 * height);
        const Point point = look_at(scene, x, y);
        const std::int64_t light = light_at(scene, x, y);
        for (std::size_t c = 0; c < 3; ++c) sum[c] += point.colour[c] * light;
        if (s == 4) sample.labels.labels.push_back(static_cast<std::uint8_t>(point.kind));
      }
      for (const std::int64_t channel : sum) {
        sample.image.pixels.push_back(
            static_cast<std::uint8_t>(std::min<std::int64_t>(channel / (9 * 256), 255)));
      }
    }
  }
  return sample;
}

}  // namespace segbench::data
