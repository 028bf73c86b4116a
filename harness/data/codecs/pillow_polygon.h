// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace segbench::data {

/// Fills a polygon x0, y0, x1, y1, … in a mask of 0 and 1, row by row, by the rule of Pillow's
/// ImageDraw.polygon(fill=1, outline=1), with which LabelMe makes masks: corners are truncated to whole
/// pixels, and both ends of a row's run are rounded and filled.
void fill_polygon(std::span<const double> xy, std::int64_t height, std::int64_t width,
                  std::vector<std::uint8_t>& inside);

/// Fills a rectangle given by two opposite corners, as ImageDraw.rectangle(): truncated, both ends included.
void fill_rectangle(std::span<const double> xy, std::int64_t height, std::int64_t width,
                    std::vector<std::uint8_t>& inside);

}  // namespace segbench::data
