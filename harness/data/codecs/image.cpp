// SPDX-License-Identifier: MIT
#include "harness/data/codecs/image.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

/// Samples of `size` each a pixel, turned and mirrored; height and width are those before.
template <typename Sample>
std::vector<Sample> turned(const std::vector<Sample>& in, std::int64_t height, std::int64_t width,
                           std::int64_t size, int orientation) {
  const bool swaps = orientation >= 5;  // rows become columns
  const std::int64_t out_height = swaps ? width : height, out_width = swaps ? height : width;
  std::vector<Sample> out(in.size());
  auto* to = out.data();
  for (std::int64_t y = 0; y < out_height; ++y) {
    for (std::int64_t x = 0; x < out_width; ++x) {
      // Where the tag says that row 0 and column 0 lie (TIFF 6.0, Orientation).
      std::int64_t row = swaps ? x : y, column = swaps ? y : x;
      if (orientation == 3 || orientation == 4 || orientation == 7 || orientation == 6)
        row = height - 1 - row;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        column = width - 1 - column;
      to = std::copy_n(in.data() + (row * width + column) * size, size, to);
    }
  }
  return out;
}

}  // namespace

Image with_channels(Image image, std::int64_t channels) {
  if (image.channels == channels) return image;
  SEGBENCH_CHECK(image.channels == 3 && channels == 1, "{} to {} channels", image.channels, channels);
  image.visit([](auto& samples) {
    using Value = typename std::remove_reference_t<decltype(samples)>::value_type;
    const std::size_t pixels = samples.size() / 3;
    for (std::size_t i = 0; i < pixels; ++i) {
      const std::uint32_t red = samples[3 * i], green = samples[3 * i + 1], blue = samples[3 * i + 2];
      samples[i] = static_cast<Value>((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }
    samples.resize(pixels);
  });
  image.channels = 1;
  return image;
}

Image to_8_bits(Image image) {
  if (image.wide.empty()) return image;
  image.pixels.reserve(image.wide.size());
  for (const std::uint32_t value : image.wide) {
    image.pixels.push_back(static_cast<std::uint8_t>((value * 255U + 32767U) / 65535U));
  }
  image.wide = {};
  return image;
}

Image to_16_bits(Image image) {
  if (!image.wide.empty()) return image;
  image.wide.reserve(image.pixels.size());
  for (const std::uint8_t value : image.pixels)
    image.wide.push_back(static_cast<std::uint16_t>(value * 257U));
  image.pixels = {};
  return image;
}

Image grey_view(const Image& image) {
  Image view{image.height, image.width, 1, {}};
  const auto channels = static_cast<std::size_t>(image.channels);
  image.visit([&](const auto& samples) {
    const std::uint32_t top =
        image.bits() == 8 ? 255U
                          : std::max<std::uint32_t>(1, *std::max_element(samples.begin(), samples.end()));
    view.pixels.reserve(samples.size() / channels);
    for (std::size_t i = 0; i < samples.size(); i += channels) {
      const std::uint64_t value =
          channels < 3 ? samples[i]
                       : (299U * samples[i] + 587U * samples[i + 1] + 114U * samples[i + 2] + 500U) / 1000U;
      view.pixels.push_back(static_cast<std::uint8_t>((value * 255 + top / 2) / top));
    }
  });
  return view;
}

Image oriented(Image image, int orientation) {
  if (orientation <= 1) return image;
  const std::int64_t height = image.height, width = image.width, channels = image.channels;
  image.visit([&](auto& samples) { samples = turned(samples, height, width, channels, orientation); });
  if (orientation >= 5) std::swap(image.height, image.width);
  return image;
}

LabelMap oriented(LabelMap map, int orientation) {
  if (orientation <= 1) return map;
  map.labels = turned(map.labels, map.height, map.width, 1, orientation);
  if (orientation >= 5) std::swap(map.height, map.width);
  return map;
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
