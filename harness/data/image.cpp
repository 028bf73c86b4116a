// SPDX-License-Identifier: MIT
#include "harness/data/image.h"

#include "harness/core/error.h"

namespace segbench::data {

Image with_channels(Image rgb, std::int64_t channels) {
  SEGBENCH_CHECK(rgb.channels == 3 && (channels == 1 || channels == 3), "{} to {} channels", rgb.channels,
                 channels);
  if (channels == 3) return rgb;
  const std::size_t pixels = rgb.pixels.size() / 3;
  for (std::size_t i = 0; i < pixels; ++i) {
    rgb.pixels[i] = luminance({rgb.pixels[3 * i], rgb.pixels[3 * i + 1], rgb.pixels[3 * i + 2]});
  }
  rgb.pixels.resize(pixels);
  rgb.channels = 1;
  return rgb;
}

Rgb voc_colour(std::uint8_t index) {
  Rgb colour{};
  unsigned rest = index;
  for (int bit = 7; rest != 0; --bit, rest >>= 3) {
    for (std::size_t c = 0; c < 3; ++c)
      colour[c] = static_cast<std::uint8_t>(colour[c] | ((rest >> c & 1U) << bit));
  }
  return colour;
}

}  // namespace segbench::data
