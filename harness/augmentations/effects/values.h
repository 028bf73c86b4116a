// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "harness/augmentations/effects/sample.h"

namespace segbench::augmentations {

/// Applies effects, in turn, to a sample in place.
void change_values(const std::vector<ValueEffect>& effects, const SampleFormat& format,
                   const SampleBytes& sample, Scratch& scratch);

/// An image of values, [height, width, channels], that effects change in place; `other` is a buffer.
struct Values {
  std::span<float> values;
  Extent extent;
  std::int64_t channels;
  std::vector<float>& other;
};
void change(const Tone& tone, const Values& image);
void change(const ColourMatrix& matrix, const Values& image);
void change(const Blur& blur, const Values& image);
void change(const Noise& noise, const Values& image);
void change(const Erase& erase, const Values& image);

}  // namespace segbench::augmentations
