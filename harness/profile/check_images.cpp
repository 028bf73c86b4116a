// SPDX-License-Identifier: MIT
#include "harness/profile/check_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/core/error.h"
#include "harness/core/normalise.h"
#include "harness/core/random.h"
#include "harness/data/codecs/image_file.h"

namespace segbench::profile {
namespace {

/// [height, width, channels] of 8 bits.
using Pixels = std::vector<std::uint8_t>;

Pixels made_up(const Network& network, std::uint64_t seed, std::uint64_t index) {
  core::Stream stream(seed, core::Purpose::kShapes, "profile", 0, index);
  const auto height = static_cast<double>(network.height), width = static_cast<double>(network.width);
  struct Blob {
    double y, x, radius, tone;
  };
  std::vector<Blob> blobs(6);
  for (Blob& blob : blobs) {
    blob = {stream.uniform(0, height), stream.uniform(0, width), stream.uniform(0.05, 0.3) * height,
            stream.uniform(-120, 120)};
  }
  Pixels pixels;
  for (std::int64_t y = 0; y < network.height; ++y) {
    for (std::int64_t x = 0; x < network.width; ++x) {
      for (std::int64_t c = 0; c < network.channels; ++c) {
        double level = 60 + 100 * (static_cast<double>(y) / height) + 20 * static_cast<double>(c % 3);
        for (const Blob& blob : blobs) {
          const double dy = static_cast<double>(y) - blob.y, dx = static_cast<double>(x) - blob.x;
          if (dy * dy + dx * dx < blob.radius * blob.radius) level += blob.tone;
        }
        pixels.push_back(static_cast<std::uint8_t>(std::clamp(level + 12 * stream.normal(), 0.0, 255.0)));
      }
    }
  }
  return pixels;
}

Pixels from_file(const std::string& file, const Network& network) try {
  const data::ImageRule rule{.channels = network.channels};
  const data::Image image = data::network_input(data::decode_image(data::read_sample_file(file), rule), rule,
                                                network.height, network.width, 8);
  const auto bytes = image.bytes();
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {begin, begin + bytes.size()};
} catch (const core::UserError& error) {
  throw core::UserError(fmt::format("{}: {}", file, error.what()));
}

void append_normalised(const Pixels& pixels, const Network& network, std::vector<float>& values) {
  const core::Normalisation by = core::normalisation(network.normalise, network.channels);
  const auto channels = static_cast<std::size_t>(network.channels);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < pixels.size() / channels; ++i)
      values.push_back(static_cast<float>(
          by.scale[c] * pixels[i * channels + static_cast<std::size_t>(by.source[c])] + by.shift[c]));
  }
}

std::int64_t label_at(const float* logits, std::int64_t outputs, std::int64_t pixels) {
  std::int64_t best = outputs == 1 && logits[0] > 0 ? 1 : 0;
  for (std::int64_t c = 1; c < outputs; ++c) best = logits[c * pixels] > logits[best * pixels] ? c : best;
  return best;
}

}  // namespace

std::vector<float> check_images(const Network& network, std::int64_t batch,
                                const study::ProfileSettings& settings) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < batch; ++i) {
    const auto index = static_cast<std::size_t>(i);
    append_normalised(settings.images.empty()
                          ? made_up(network, settings.seed, index)
                          : from_file(settings.images[index % settings.images.size()], network),
                      network, values);
  }
  return values;
}

OutputCheck compare_outputs(std::span<const float> found, std::span<const float> expected,
                            std::int64_t outputs, std::int64_t pixels) {
  if (found.size() != expected.size()) {
    throw core::UserError(
        fmt::format("it gives {} values, but the reference gives {}", found.size(), expected.size()));
  }
  double largest = 0, scale = 1;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double distance = std::abs(static_cast<double>(found[i]) - expected[i]);
    largest = std::isfinite(distance) ? std::max(largest, distance) : std::numeric_limits<double>::infinity();
    scale = std::max(scale, std::abs(static_cast<double>(expected[i])));
    if (std::isinf(largest)) break;
  }
  OutputCheck check{.error = largest / scale};
  const std::int64_t images = static_cast<std::int64_t>(found.size()) / (outputs * pixels);
  std::int64_t differ = 0;
  for (std::int64_t image = 0; image < images; ++image) {
    for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
      const std::int64_t at = image * outputs * pixels + pixel;
      differ +=
          label_at(found.data() + at, outputs, pixels) != label_at(expected.data() + at, outputs, pixels);
    }
  }
  if (images > 0) check.labels_differ = static_cast<double>(differ) / static_cast<double>(images * pixels);
  return check;
}

}  // namespace segbench::profile
