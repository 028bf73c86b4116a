// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::architectures {

/// Where an encoder stands on its way down: it halves the map until the output stride is reached; from there
/// on every halving that its paper wants doubles the dilation instead (Chen et al., "Rethinking Atrous
/// Convolution", 2017, section 3.1).
struct Descent {
  int output_stride;
  int stride = 1;    ///< pixels of the image along each axis of one pixel of the map
  int dilation = 1;  ///< of the convolutions from here on

  /// The stride to use where the paper has `wanted`.
  int step(int wanted) {
    if (stride * wanted > output_stride) {
      dilation *= wanted;
      return 1;
    }
    stride *= wanted;
    return wanted;
  }
};

}  // namespace segbench::architectures
