// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/core/error.h"

namespace segbench::core {

/// How 8-bit pixels become a network's input: output channel c is `scale[c] * x[source[c]] + shift[c]`, x in
/// 0…255.
struct Normalisation {
  std::array<double, 3> scale{1, 1, 1};
  std::array<double, 3> shift{0, 0, 0};
  std::array<int, 3> source{0, 1, 2};  ///< RGB input channel of each output channel
};

/// The normalisation called `name`, for 1 (grey) or 3 (RGB) channels; one channel uses the first entries.
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
  SEGBENCH_CHECK(channels == 1 || channels == 3, "{} channels", channels);
  const auto all = [](double value) { return std::array<double, 3>{value, value, value}; };
  if (name == "unit_range") return {all(1.0 / 255.0), all(0.0), {0, 1, 2}};
  if (name == "minus_one_to_one") return {all(1.0 / 127.5), all(-1.0), {0, 1, 2}};
  if (name == "imagenet_torch") {
    const bool grey = channels == 1;
    const std::array<double, 3> mean = grey ? all(0.449) : std::array<double, 3>{0.485, 0.456, 0.406};
    const std::array<double, 3> sd = grey ? all(0.226) : std::array<double, 3>{0.229, 0.224, 0.225};
    Normalisation n;
    for (std::size_t c = 0; c < 3; ++c) n.scale[c] = 1.0 / (255.0 * sd[c]), n.shift[c] = -mean[c] / sd[c];
    return n;
  }
  if (name == "imagenet_caffe_bgr") {
    if (channels == 1) return {all(1.0), all(-114.799), {0, 0, 0}};
    return {all(1.0), {-103.939, -116.779, -123.68}, {2, 1, 0}};
  }
  throw UserError(
      fmt::format("found normalise = \"{}\"; allowed: unit_range, minus_one_to_one, imagenet_torch, "
                  "imagenet_caffe_bgr",
                  name));
}

}  // namespace segbench::core
