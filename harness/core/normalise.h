// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/core/error.h"

namespace segbench::core {

/// How levels (pixel_range.h: of 8-bit pixels, the pixels themselves) become a network's input: output
/// channel c is `scale[c] * x[source[c]] + shift[c]`, x in 0…255.
struct Normalisation {
  std::vector<double> scale{1, 1, 1};
  std::vector<double> shift{0, 0, 0};
  std::vector<int> source{0, 1, 2};  ///< input channel of each output channel
};

/// The normalisation called `name`, with one entry for each of the channels; the two of ImageNet are for 1
/// (grey) or 3 (RGB).
///
///   unit_range          x / 255
///   minus_one_to_one    x / 127.5 - 1                                   (Keras: MobileNetV2)
///   imagenet_torch      (x / 255 - mean) / sd, mean (0.485, 0.456, 0.406), sd (0.229, 0.224, 0.225)
///   (torchvision) imagenet_caffe_bgr  blue, green, red minus (103.939, 116.779, 123.68) (tf.keras: ResNet50)
///
/// A grey image is taken for an RGB image of three equal channels, of which the mean over the three outputs'
/// formulas is used: imagenet_torch has mean 0.449 and sd 0.226, imagenet_caffe_bgr subtracts 114.799. Throws
/// UserError for another name.
inline Normalisation normalisation(std::string_view name, std::int64_t channels = 3) {
  SEGBENCH_CHECK(channels >= 1, "{} channels", channels);
  const auto count = static_cast<std::size_t>(channels);
  const auto all = [count](double scale, double shift) {
    Normalisation n{std::vector<double>(count, scale), std::vector<double>(count, shift), {}};
    for (std::size_t c = 0; c < count; ++c) n.source.push_back(static_cast<int>(c));
    return n;
  };
  if (name == "unit_range") return all(1.0 / 255.0, 0.0);
  if (name == "minus_one_to_one") return all(1.0 / 127.5, -1.0);
  const bool grey = channels == 1;
  if ((name == "imagenet_torch" || name == "imagenet_caffe_bgr") && channels != 1 && channels != 3) {
    throw UserError(
        fmt::format("normalise = \"{}\" needs 1 or 3 channels, but the data have {}; use unit_range or "
                    "minus_one_to_one",
                    name, channels));
  }
  if (name == "imagenet_torch") {
    const std::array<double, 3> mean = {grey ? 0.449 : 0.485, 0.456, 0.406},
                                sd = {grey ? 0.226 : 0.229, 0.224, 0.225};
    Normalisation n = all(1.0, 0.0);
    for (std::size_t c = 0; c < count; ++c) n.scale[c] = 1.0 / (255.0 * sd[c]), n.shift[c] = -mean[c] / sd[c];
    return n;
  }
  if (name == "imagenet_caffe_bgr") {
    if (grey) return all(1.0, -114.799);
    return {{1.0, 1.0, 1.0}, {-103.939, -116.779, -123.68}, {2, 1, 0}};
  }
  throw UserError(
      fmt::format("unknown normalise \"{}\"; known: unit_range, minus_one_to_one, imagenet_torch, "
                  "imagenet_caffe_bgr",
                  name));
}

}  // namespace segbench::core
