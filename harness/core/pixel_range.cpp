// SPDX-License-Identifier: MIT
#include "harness/core/pixel_range.h"

#include <cmath>
#include <cstring>

#include "harness/core/error.h"

namespace segbench::core {
namespace {

/// Sample `index` of those that lie in memory with 8 or 16 bits each.
std::uint32_t sample_at(std::span<const std::byte> samples, std::size_t index, int bits) {
  if (bits == 8) return std::to_integer<std::uint32_t>(samples[index]);
  std::uint16_t value = 0;
  std::memcpy(&value, samples.data() + 2 * index, sizeof value);
  return value;
}

}  // namespace

Json to_json(const PixelRange& range) {
  Json json = {{"bits", range.bits}};
  if (!range.bounds.empty()) json["range"] = range.bounds;
  return json;
}

PixelRange pixel_range_from_json(const Json& json) {
  PixelRange range;
  range.bits = json.value("bits", 8);
  if (json.contains("range")) range.bounds = json.at("range").get<std::vector<std::array<double, 2>>>();
  return range;
}

PercentileCounter::PercentileCounter(std::int64_t channels, int bits)
    : channels_(channels),
      bits_(bits),
      counts_(static_cast<std::size_t>(channels), std::vector<std::int64_t>(bits == 16 ? 65536 : 256)) {}

void PercentileCounter::add(std::span<const std::byte> samples) {
  const std::size_t count = samples.size() / (bits_ == 16 ? 2 : 1),
                    channels = static_cast<std::size_t>(channels_);
  for (std::size_t i = 0; i < count; ++i) ++counts_[i % channels][sample_at(samples, i, bits_)];
}

std::vector<std::array<double, 2>> PercentileCounter::bounds() const {
  std::vector<std::array<double, 2>> bounds;
  for (const std::vector<std::int64_t>& counts : counts_) {
    std::int64_t total = 0;
    for (const std::int64_t count : counts) total += count;
    const auto value_of = [&](double share) {
      const auto rank = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(total)));
      std::int64_t below = 0;
      for (std::size_t value = 0; value < counts.size(); ++value) {
        below += counts[value];
        if (below >= std::max<std::int64_t>(rank, 1)) return static_cast<double>(value);
      }
      return 0.0;
    };
    const double low = value_of(0.01), high = value_of(0.99);
    bounds.push_back({low, high > low ? high : low + 1});
  }
  return bounds;
}

PixelRange pixel_range(const DataConfig& data, const DecodeCache& cache,
                       std::span<const std::int64_t> train) {
  const CacheManifest& manifest = cache.manifest();
  PixelRange range{.bits = manifest.bits, .bounds = {}};
  if (data.range) range.bounds.assign(static_cast<std::size_t>(manifest.channels), *data.range);
  if (data.range_percentiles) {
    PercentileCounter counter(manifest.channels, manifest.bits);
    for (const std::int64_t index : train) counter.add(std::as_bytes(cache.image(index)));
    range.bounds = counter.bounds();
  }
  return range;
}

std::vector<std::uint8_t> view_pixels(std::span<const std::byte> samples, std::int64_t channels,
                                      const PixelRange& range) {
  const auto from = static_cast<std::size_t>(channels), shown = std::size_t{channels >= 3 ? 3U : 1U};
  const std::size_t pixels = samples.size() / from / static_cast<std::size_t>(range.sample_bytes());
  std::vector<std::uint8_t> view;
  view.reserve(pixels * shown);
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t c = 0; c < shown; ++c) {
      const double level = range.level(c, sample_at(samples, p * from + c, range.bits));
      view.push_back(static_cast<std::uint8_t>(std::lround(level)));
    }
  }
  return view;
}

}  // namespace segbench::core
