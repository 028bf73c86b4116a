// SPDX-License-Identifier: MIT
#include "harness/data/kinds/shapes_scene.h"

#include <algorithm>
#include <cstdlib>

#include "harness/core/random.h"

namespace segbench::data {
namespace {

using core::Purpose;
using core::Stream;

/// Uniform integer in [low, high].
std::int64_t between(Stream& stream, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(high - low + 1)));
}

/// `easy` at difficulty 0, `hard` at 256.
std::int64_t blend(std::int64_t easy, std::int64_t hard, std::int64_t difficulty) {
  return easy + (hard - easy) * difficulty / 256;
}

Rgb random_colour(Stream& stream) {
  Rgb colour{};
  for (std::uint8_t& channel : colour) channel = static_cast<std::uint8_t>(between(stream, 30, 225));
  return colour;
}

std::int64_t distance(Rgb a, Rgb b) {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += std::abs(int{a[c]} - int{b[c]});
  return sum;
}

/// A colour at least `least` away from `other`; the farthest of 64 draws when none is.
Rgb contrasting_colour(Stream& stream, Rgb other, std::int64_t least) {
  Rgb best = random_colour(stream);
  for (int i = 0; i < 64 && distance(best, other) < least; ++i) {
    const Rgb candidate = random_colour(stream);
    if (distance(candidate, other) > distance(best, other)) best = candidate;
  }
  return best;
}

/// A colour near `other`: up to `spread` away in each channel.
Rgb near_colour(Stream& stream, Rgb other, std::int64_t spread) {
  for (std::uint8_t& channel : other) {
    channel = static_cast<std::uint8_t>(
        std::clamp<std::int64_t>(channel + between(stream, -spread, spread), 0, 255));
  }
  return other;
}

/// `colour`, moved by `cue` / 256 of the way to `target`.
Rgb towards(Rgb colour, Rgb target, std::int64_t cue) {
  for (std::size_t c = 0; c < 3; ++c) colour[c] = static_cast<std::uint8_t>(blend(colour[c], target[c], cue));
  return colour;
}

void give_cue(Scene& scene, std::int64_t cue) {
  constexpr Rgb kGrey = {110, 110, 110}, kWhite = {235, 235, 235};
  for (Rgb* colour : {&scene.background.first, &scene.background.second})
    *colour = towards(*colour, kGrey, cue);
  for (Shape& shape : scene.shapes) {
    const Rgb own = kShapeColours.at(static_cast<std::size_t>(shape.kind));
    const bool striped = shape.kind == ShapeClass::kStriped;
    shape.paint.first = towards(shape.paint.first, own, cue);
    shape.paint.second = towards(shape.paint.second, striped ? kWhite : own, cue);
  }
}

/// Discs are everywhere, wires are rare and thin: the classes' pixels differ by more than a factor of ten.
ShapeClass random_kind(Stream& stream) {
  const std::int64_t percent = between(stream, 0, 99);
  if (percent < 34) return ShapeClass::kDisc;
  if (percent < 57) return ShapeClass::kBox;
  if (percent < 71) return ShapeClass::kRing;
  if (percent < 82) return ShapeClass::kStriped;
  return percent < 91 ? ShapeClass::kTriangle : ShapeClass::kWire;
}

/// A direction by the rational points of the circle, ((1 - t^2) / (1 + t^2), 2 t / (1 + t^2)), in any
/// quadrant.
void turn(Shape& shape, Stream& stream) {
  const std::int64_t t = between(stream, 0, 1024), square = t * t, one = 1024 * 1024;
  shape.axis_x = kSceneUnit * (one - square) / (one + square);
  shape.axis_y = kSceneUnit * 2 * t * 1024 / (one + square);
  if (stream.coin(0.5)) shape.axis_x = -shape.axis_x;
  if (stream.coin(0.5)) shape.axis_y = -shape.axis_y;
}

Shape draw_shape(Stream& stream, Rgb background, std::int64_t difficulty) {
  Shape shape;
  shape.kind = random_kind(stream);
  shape.x = between(stream, 0, kSceneUnit - 1);
  shape.y = between(stream, 0, kSceneUnit - 1);
  turn(shape, stream);
  const std::int64_t smallest = blend(kSceneUnit / 8, kSceneUnit / 14, difficulty);
  shape.radius = between(stream, smallest, 2 * smallest);
  const std::int64_t share =
      between(stream, 0, 255);  // one draw for every kind: scenes keep their other draws
  shape.round = stream.coin(0.5);
  switch (shape.kind) {
    case ShapeClass::kRing:
      shape.inner = shape.radius * (128 + share / 4) / 256;
      break;
    case ShapeClass::kWire:  // an arc of a large circle, about one and a half pixels of 64 thick
      shape.radius = kSceneUnit / 4 + kSceneUnit * share / 512;
      shape.inner = shape.radius - kSceneUnit / 40;
      break;
    default:
      shape.inner = shape.radius * (150 + share * 3 / 8) / 256;
  }
  const std::int64_t contrast = blend(240, 90, difficulty);
  shape.paint.first = contrasting_colour(stream, background, contrast);
  shape.paint.noise_key = stream.next_u32();
  if (shape.kind == ShapeClass::kStriped) {
    shape.paint.second = contrasting_colour(stream, shape.paint.first, blend(240, 150, difficulty));
    shape.paint.grain = kSceneUnit / 24;
  } else {
    shape.paint.second = near_colour(stream, shape.paint.first, blend(10, 70, difficulty));
    shape.paint.grain = between(stream, kSceneUnit / 24, kSceneUnit / 8);
  }
  return shape;
}

}  // namespace

Scene draw_scene(std::uint64_t seed, std::uint32_t split, std::uint64_t index, std::int64_t difficulty,
                 std::int64_t colour_cue) {
  Stream stream(seed, Purpose::kShapes, split, index);
  Scene scene;
  scene.background.first = random_colour(stream);
  scene.background.second = near_colour(stream, scene.background.first, blend(15, 90, difficulty));
  scene.background.noise_key = stream.next_u32();
  scene.background.grain = between(stream, kSceneUnit / 10, kSceneUnit / 4);
  for (std::int64_t& corner : scene.light) corner = between(stream, blend(230, 130, difficulty), 270);
  const std::int64_t count = between(stream, blend(2, 4, difficulty), blend(4, 8, difficulty));
  for (std::int64_t i = 0; i < count; ++i) {
    scene.shapes.push_back(draw_shape(stream, scene.background.first, difficulty));
  }
  give_cue(scene, colour_cue);
  return scene;
}

void add_noise(Image& image, std::int64_t deviation, std::uint64_t seed, std::uint32_t split,
               std::uint64_t index) {
  // Streams of their own, so that a scene is the same at every resolution.
  Stream stream(seed, Purpose::kShapes, split + 16, index);
  constexpr std::int64_t kSumDeviation = 148;  // of four uniform bytes: sqrt(4 (256^2 - 1) / 12)
  for (std::uint8_t& pixel : image.pixels) {
    const std::uint32_t bits = stream.next_u32();
    const auto sum = std::int64_t{(bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24)} - 510;
    const std::int64_t scaled = sum * deviation, unit = 256 * kSumDeviation;
    const std::int64_t rounded = (scaled + (scaled < 0 ? -unit : unit) / 2) / unit;
    pixel = static_cast<std::uint8_t>(std::clamp<std::int64_t>(pixel + rounded, 0, 255));
  }
}

}  // namespace segbench::data
