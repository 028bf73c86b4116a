// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/engines/onednn/layout.h"

// What oneDNN has no operation for, or none in blocks of channels: loops over float32 maps in such blocks.
// Zeros that fill up a last block stay zeros.

namespace segbench::engines::onednn {

/// `to` shows `from` with its corner at (top, left): pixels that lie outside are left out, what is not
/// covered is zero.
void place(const float* x, const Layout& from, float* y, const Layout& to, std::int64_t top,
           std::int64_t left);

/// The nearest pixel as PyTorch finds it: floor(place * size / larger size).
void enlarge_nearest(const float* x, const Layout& from, float* y, const Layout& to);

/// Each value where the map that was pooled, of the size of `to`, has the first maximum of its window.
void unpool(const float* x, const Layout& from, const float* pooled, float* y, const Layout& to, int kernel);

/// Means over windows from floor(b size / bins) to ceil((b + 1) size / bins).
void adaptive_means(const float* x, const Layout& from, float* y, const Layout& to);

/// y = scale x + shift, for each channel of each image; both lists filled up to whole blocks.
void scale_and_shift(const float* x, float* y, const Layout& layout, const float* scale, const float* shift);

/// y = x w for a weight a channel of each image, filled up to whole blocks.
void multiply_by_channel(const float* x, const float* weights, float* y, const Layout& layout);

/// y = x w for a weight a pixel: [count, height, width].
void multiply_by_pixel(const float* x, const float* weights, float* y, const Layout& layout);

/// y = x w of as many values.
void multiply(const float* x, const float* weights, float* y, std::int64_t values);

/// Over the channels of each pixel; weight and bias filled up to whole blocks.
void normalise_pixels(const float* x, float* y, const Layout& layout, std::int64_t channels,
                      const std::vector<float>& weight, const std::vector<float>& bias, double epsilon);

/// Over the pixels and channels of each group of each image.
void normalise_groups(const float* x, float* y, const Layout& layout, std::int64_t channels,
                      std::int64_t groups, const std::vector<float>& weight, const std::vector<float>& bias,
                      double epsilon);

/// Squares of factor x factor pixels from as many groups of blocks, row by row: what a convolution of one
/// pixel made of a transposed one whose windows lie side by side.
void spread_blocks(const float* x, const Layout& from, float* y, const Layout& to, int factor);

}  // namespace segbench::engines::onednn
