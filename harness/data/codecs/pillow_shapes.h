// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

// Circles and lines in a mask [height, width] of 0 and 1, row by row, with the pixels that Pillow's ImageDraw
// gives them (github.com/python-pillow/Pillow, src/libImaging/Draw.c); LabelMe makes masks with it. All
// coordinates are truncated to whole pixels.

namespace segbench::data {

/// A disc, as ImageDraw.ellipse(fill=1) in the box of centre and radius: the points of the grid that lie
/// nearest to the curve, found step by step (Bresenham), and everything between them. Nothing, when the box
/// is one pixel. Throws core::UserError for a radius above 20,000 pixels.
void fill_circle(double x, double y, double radius, std::int64_t height, std::int64_t width,
                 std::vector<std::uint8_t>& inside);

/// Segments between the points x0, y0, x1, y1, …, as ImageDraw.line(width=thickness) without joints: each is
/// a rectangle of its own, whose corners are whole pixels; one of no length is a pixel.
void fill_lines(std::span<const double> xy, int thickness, std::int64_t height, std::int64_t width,
                std::vector<std::uint8_t>& inside);

}  // namespace segbench::data
