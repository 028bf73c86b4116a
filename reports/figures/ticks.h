// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace segbench::reports {

/// A "linear enough" scale: 5 to 8 round steps that cover [low, high].
struct Ticks {
  double first = 0, last = 1, step = 1;
  int digits = 0;
};
Ticks ticks(double low, double high, int at_most = 6);
/// The same from 0 for what is counted: steps of whole numbers.
Ticks whole_ticks(std::size_t high, int at_most = 5);

}  // namespace segbench::reports
