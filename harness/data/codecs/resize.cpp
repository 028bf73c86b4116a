// SPDX-License-Identifier: MIT
#include "harness/data/codecs/resize.h"

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

/// One output position: (denominator - weight) * input[first] + weight * input[second], over the denominator.
struct Tap {
  std::int64_t first, second, weight;
};

/// Taps with the common denominator 2 * output.
std::vector<Tap> bilinear_taps(std::int64_t input, std::int64_t output) {
  std::vector<Tap> taps;
  taps.reserve(static_cast<std::size_t>(output));
  for (std::int64_t i = 0; i < output; ++i) {
    const std::int64_t limit = (input - 1) * 2 * output;
    const std::int64_t position = std::clamp((2 * i + 1) * input - output, std::int64_t{0}, limit);
    const std::int64_t first = position / (2 * output);
    taps.push_back({first, std::min(first + 1, input - 1), position % (2 * output)});
  }
  return taps;
}

template <typename Sample>
std::vector<Sample> resized_samples(const Image& image, const std::vector<Sample>& samples,
                                    std::int64_t height, std::int64_t width) {
  const std::vector<Tap> rows = bilinear_taps(image.height, height),
                         columns = bilinear_taps(image.width, width);
  const std::int64_t channels = image.channels, row_size = width * channels;
  std::vector<Sample> resized(static_cast<std::size_t>(height * row_size));

  // A source row, interpolated along its width; its values are 2 * width times too large.
  struct WideRow {
    std::int64_t source = -1;
    std::vector<std::int64_t> values;
  };
  WideRow upper{-1, std::vector<std::int64_t>(static_cast<std::size_t>(row_size))}, lower = upper;
  const auto fill = [&](WideRow& row, std::int64_t source) {
    if (row.source == source) return;
    row.source = source;
    const Sample* in = samples.data() + source * image.width * channels;
    std::int64_t* out = row.values.data();
    for (const Tap& tap : columns) {
      for (std::int64_t c = 0; c < channels; ++c) {
        *out++ = (2 * width - tap.weight) * in[tap.first * channels + c] +
                 tap.weight * in[tap.second * channels + c];
      }
    }
  };
  const std::int64_t denominator = 4 * width * height;
  Sample* out = resized.data();
  for (const Tap& tap : rows) {
    if (upper.source != tap.first && lower.source == tap.first) std::swap(upper, lower);
    fill(upper, tap.first);
    fill(lower, tap.second);
    for (std::size_t k = 0; k < upper.values.size(); ++k) {
      const std::int64_t sum = (2 * height - tap.weight) * upper.values[k] + tap.weight * lower.values[k];
      *out++ = static_cast<Sample>((sum + denominator / 2) / denominator);
    }
  }
  return resized;
}

}  // namespace

Image resize_bilinear(const Image& image, std::int64_t height, std::int64_t width) {
  SEGBENCH_CHECK(image.height > 0 && image.width > 0 && height > 0 && width > 0, "{}x{} to {}x{}",
                 image.height, image.width, height, width);
  if (image.height == height && image.width == width) return image;
  Image resized{height, width, image.channels, {}};
  if (image.bits() == 16)
    resized.wide = resized_samples(image, image.wide, height, width);
  else
    resized.pixels = resized_samples(image, image.pixels, height, width);
  return resized;
}

std::vector<std::int64_t> nearest_indices(std::int64_t input, std::int64_t output) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(output));
  for (std::int64_t i = 0; i < output; ++i)
    indices[static_cast<std::size_t>(i)] = (2 * i + 1) * input / (2 * output);
  return indices;
}

LabelMap resize_nearest(const LabelMap& map, std::int64_t height, std::int64_t width) {
  SEGBENCH_CHECK(map.height > 0 && map.width > 0 && height > 0 && width > 0, "{}x{} to {}x{}", map.height,
                 map.width, height, width);
  const std::vector<std::int64_t> columns = nearest_indices(map.width, width);
  LabelMap resized{height, width, {}};
  resized.labels.reserve(static_cast<std::size_t>(height * width));
  for (const std::int64_t row : nearest_indices(map.height, height)) {
    const std::uint8_t* in = map.labels.data() + row * map.width;
    for (const std::int64_t column : columns) resized.labels.push_back(in[column]);
  }
  return resized;
}

}  // namespace segbench::data
