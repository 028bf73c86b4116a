// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/values.h"

#include <algorithm>
#include <cmath>

#include "harness/core/counts.h"

namespace segbench::augmentations {
namespace {

template <typename Number>
void to_values(const Number* image, const SampleFormat& format, std::span<float> values) {
  const auto channels = static_cast<std::size_t>(format.channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const auto [low, high] = format.range.of(c);
    const auto black = static_cast<float>(low), scale = static_cast<float>(1 / (high - low));
    for (std::size_t i = c; i < values.size(); i += channels)
      values[i] = std::clamp((static_cast<float>(image[i]) - black) * scale, 0.0F, 1.0F);
  }
}

template <typename Number>
void from_values(std::span<const float> values, const SampleFormat& format, Number* image) {
  const auto channels = static_cast<std::size_t>(format.channels);
  const float most = format.range.bits == 16 ? 65535.0F : 255.0F;
  for (std::size_t c = 0; c < channels; ++c) {
    const auto [low, high] = format.range.of(c);
    const auto black = static_cast<float>(low), span = static_cast<float>(high - low);
    for (std::size_t i = c; i < values.size(); i += channels) {
      image[i] = static_cast<Number>(std::clamp(std::floor(values[i] * span + black + 0.5F), 0.0F, most));
    }
  }
}

void erase_labels(const Erase& erase, const Extent& extent, std::span<std::uint8_t> labels) {
  for (const Rectangle& area : erase.rectangles) {
    for (std::int64_t row = area.top; row < area.top + area.height; ++row)
      std::fill_n(labels.data() + row * extent.width + area.left, area.width, core::kVoidLabel);
  }
}

template <typename Number>
void change_numbers(const std::vector<ValueEffect>& effects, const SampleFormat& format, Number* image,
                    Scratch& scratch) {
  scratch.values.resize(format.pixels() * static_cast<std::size_t>(format.channels));
  to_values(image, format, scratch.values);
  const Values values{scratch.values, format.extent, format.channels, scratch.other};
  for (const ValueEffect& effect : effects) {
    std::visit([&](const auto& what) { change(what, values); }, effect);
    for (float& value : values.values) value = std::clamp(value, 0.0F, 1.0F);
  }
  from_values<Number>(scratch.values, format, image);
}

}  // namespace

void change(const Tone& tone, const Values& image) {
  const auto channels = static_cast<std::size_t>(image.channels);
  double mean = 0;
  if (tone.about_mean) {
    for (std::size_t c = 0; c < channels; ++c) {
      double sum = 0;
      for (std::size_t i = c; i < image.values.size(); i += channels) sum += image.values[i];
      mean += luminance_weight(static_cast<std::int64_t>(c), image.channels) * sum;
    }
    mean /= static_cast<double>(image.extent.height * image.extent.width);
  }
  const auto pivot = static_cast<float>(mean), gain = static_cast<float>(tone.gain),
             exponent = static_cast<float>(tone.exponent);
  for (float& value : image.values) {
    value = pivot + gain * (value - pivot);
    if (exponent != 1) value = std::pow(std::max(value, 0.0F), exponent);
  }
}

void change(const ColourMatrix& matrix, const Values& image) {
  std::array<float, 9> m{};
  std::transform(matrix.rows.begin(), matrix.rows.end(), m.begin(),
                 [](double entry) { return static_cast<float>(entry); });
  for (std::size_t i = 0; i + 2 < image.values.size(); i += 3) {
    const float red = image.values[i], green = image.values[i + 1], blue = image.values[i + 2];
    for (std::size_t c = 0; c < 3; ++c)
      image.values[i + c] = m[3 * c] * red + m[3 * c + 1] * green + m[3 * c + 2] * blue;
  }
}

namespace {

/// Along columns (`by_row`: along rows of pixels going down): every value becomes the weighted sum of its
/// neighbours.
void blur_along(std::span<const float> from, const Values& image, const std::vector<float>& weights,
                bool by_row, std::span<float> to) {
  const auto radius = static_cast<std::int64_t>(weights.size() / 2);
  const std::int64_t row_values = image.extent.width * image.channels,
                     length = by_row ? image.extent.height : image.extent.width,
                     step = by_row ? row_values : image.channels;
  for (std::int64_t row = 0; row < image.extent.height; ++row) {
    for (std::int64_t column = 0; column < image.extent.width; ++column) {
      const std::int64_t at = by_row ? row : column;
      const std::int64_t here = row * row_values + column * image.channels;
      for (std::int64_t c = 0; c < image.channels; ++c) {
        float sum = 0;
        for (std::int64_t k = -radius; k <= radius; ++k) {
          const std::int64_t other = std::clamp<std::int64_t>(at + k, 0, length - 1);
          sum += weights[static_cast<std::size_t>(k + radius)] *
                 from[static_cast<std::size_t>(here + (other - at) * step + c)];
        }
        to[static_cast<std::size_t>(here + c)] = sum;
      }
    }
  }
}

}  // namespace

void change(const Blur& blur, const Values& image) {
  const std::vector<float> weights = blur_weights(blur);
  image.other.resize(image.values.size());
  blur_along(image.values, image, weights, /*by_row=*/false, image.other);
  blur_along(image.other, image, weights, /*by_row=*/true, image.values);
}

void change(const Noise& noise, const Values& image) {
  const auto deviation = static_cast<float>(noise.deviation);
  for (std::size_t i = 0; i < image.values.size(); ++i)
    image.values[i] += deviation * noise_at(noise.key, static_cast<std::uint32_t>(i));
}

void change(const Erase& erase, const Values& image) {
  for (const Rectangle& area : erase.rectangles) {
    for (std::int64_t row = area.top; row < area.top + area.height; ++row) {
      std::fill_n(image.values.data() + (row * image.extent.width + area.left) * image.channels,
                  area.width * image.channels, static_cast<float>(erase.value));
    }
  }
}

void change_values(const std::vector<ValueEffect>& effects, const SampleFormat& format,
                   const SampleBytes& sample, Scratch& scratch) {
  if (format.range.bits == 16)
    change_numbers(effects, format, reinterpret_cast<std::uint16_t*>(sample.image.data()), scratch);
  else
    change_numbers(effects, format, sample.image.data(), scratch);
  for (const ValueEffect& effect : effects) {
    const auto* erase = std::get_if<Erase>(&effect);
    if (erase != nullptr && erase->erases_labels) erase_labels(*erase, format.extent, sample.labels);
  }
}

}  // namespace segbench::augmentations
