// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "architectures/graph/engine.h"

namespace segbench::architectures::tests {

/// Images of values between -1.5 and 1.5 that do not repeat.
inline Maps wavy_images(std::int64_t count, const Shape& shape) {
  Maps maps{.count = count, .shape = shape, .values = {}};
  for (std::int64_t i = 0; i < count * shape.values(); ++i)
    maps.values.push_back(static_cast<float>(std::sin(static_cast<double>(i) * 0.37) * 1.5));
  return maps;
}

/// The largest difference, as a fraction of the largest value (or of 1, where none is larger).
inline double relative_difference(const Maps& found, const Maps& expected) {
  EXPECT_EQ(found.count, expected.count);
  EXPECT_EQ(found.shape, expected.shape);
  if (found.values.size() != expected.values.size()) return 1e9;
  double largest = 0, scale = 1;
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    const double distance = std::abs(static_cast<double>(found.values[i]) - expected.values[i]);
    largest = std::isnan(distance) ? 1e9 : std::max(largest, distance);
    scale = std::max(scale, std::abs(static_cast<double>(expected.values[i])));
  }
  return largest / scale;
}

}  // namespace segbench::architectures::tests
