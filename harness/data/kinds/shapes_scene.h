// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/data/kinds/catalogue.h"

// The scenes of the built-in data set. All arithmetic is in integers and all draws come from core::Stream, so
// a scene is the same on every machine. Lengths are in units of 1/16384 of the image's side.

namespace segbench::data {

inline constexpr std::int64_t kSceneUnit = 16384;

enum class ShapeClass : std::uint8_t { kBackground, kDisc, kBox, kRing, kStriped, kTriangle, kWire };

/// Two colours that a smooth noise mixes (striped: that alternate in bands).
struct Paint {
  Rgb first{}, second{};
  std::uint32_t noise_key = 0;
  std::int64_t grain = kSceneUnit / 8;  ///< size of the noise's cells, or width of a band
};

struct Shape {
  ShapeClass kind = ShapeClass::kDisc;
  std::int64_t x = 0, y = 0;  ///< centre
  std::int64_t axis_x = 0,
               axis_y = 0;  ///< direction of the shape's own first axis; its length is about kSceneUnit
  std::int64_t radius = 0;
  std::int64_t inner = 0;  ///< ring, wire: inner radius; box: half of the second side
  bool round = false;      ///< striped: a disc instead of a box
  Paint paint;
};

struct Scene {
  Paint background;
  std::array<std::int64_t, 4>
      light{};                ///< brightness in the corners, 256 = 1: top left, top right, bottom left, right
  std::vector<Shape> shapes;  ///< later ones lie on top
};

/// The colours of the classes in masks, and in scenes whose colours tell the class.
inline constexpr std::array<Rgb, 7> kShapeColours = {{{0, 0, 0},
                                                      {31, 119, 180},
                                                      {255, 127, 14},
                                                      {44, 160, 44},
                                                      {214, 39, 40},
                                                      {148, 103, 189},
                                                      {255, 221, 87}}};

/// Draws a scene: `difficulty` and `colour_cue` from 0 to 256. The cue moves colours towards those of the
/// classes, and the background's towards grey; all else is the same with any cue.
Scene draw_scene(std::uint64_t seed, std::uint32_t split, std::uint64_t index, std::int64_t difficulty,
                 std::int64_t colour_cue = 0);

/// Renders a scene: 3 x 3 samples a pixel for the image, the pixel's centre for the label.
DecodedSample render_scene(const Scene& scene, std::int64_t height, std::int64_t width);

/// Adds pixel noise, nearly normal (the sum of four uniform draws), of `deviation` / 256 grey levels.
void add_noise(Image& image, std::int64_t deviation, std::uint64_t seed, std::uint32_t split,
               std::uint64_t index);

}  // namespace segbench::data
