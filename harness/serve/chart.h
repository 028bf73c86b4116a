// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/serve/curves.h"

namespace segbench::serve {

struct Series {
  std::string name;
  int colour = 0;  ///< 0 to 4: a class of the style sheet
  const std::vector<CurvePoint>* points = nullptr;
  bool dashed = false;
};

/// A line chart by epoch.
struct Chart {
  std::string title;  ///< also what a screen reader says
  std::vector<Series> series = {};
  std::int64_t epochs = 0;                        ///< to the right end; where 0, the last one that there is
  std::optional<std::int64_t> marked_epoch = {};  ///< a vertical line, "selected"
};

/// Ticks at round numbers within [low, high], about `wanted` of them (steps of 1, 2 or 5 times a power of
/// ten).
std::vector<double> round_ticks(double low, double high, int wanted);

/// The chart as SVG that takes its colours from the style sheet; "" where no point has a value.
std::string chart_svg(const Chart& chart);

/// A curve the size of a word; "" with fewer than two values.
std::string sparkline_svg(const std::vector<CurvePoint>& points, const std::string& title);

}  // namespace segbench::serve
