// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "architectures/graph/ops.h"

namespace segbench::architectures::tests {

/// As an index.
inline std::size_t place(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// A map of float64 [count, channels, height, width], zeros at first.
struct Wide {
  std::int64_t count = 0;
  Shape shape;
  std::vector<double> values = {};

  Wide(std::int64_t images, const Shape& of)
      : count(images), shape(of), values(place(images * of.values()), 0.0) {}
  double& at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
    return values[place(((n * shape.channels + c) * shape.height + y) * shape.width + x)];
  }
  double at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) const {
    return values[place(((n * shape.channels + c) * shape.height + y) * shape.width + x)];
  }
  /// Calls work(image, channel, row, column) everywhere.
  template <typename Work>
  void everywhere(const Work& work) const {
    for (std::int64_t n = 0; n < count; ++n)
      for (std::int64_t c = 0; c < shape.channels; ++c)
        for (std::int64_t y = 0; y < shape.height; ++y)
          for (std::int64_t x = 0; x < shape.width; ++x) work(n, c, y, x);
  }
};

}  // namespace segbench::architectures::tests
