// SPDX-License-Identifier: MIT
#include "harness/data/views.h"

#include "harness/augmentations/effects/balance.h"
#include "harness/augmentations/effects/mix.h"
#include "harness/augmentations/effects/sample.h"
#include "harness/core/counts.h"

namespace segbench::data {
namespace {

constexpr Rgb kVoidColour = {255, 255, 255};

std::span<std::uint8_t> numbers_of(Image& image) {
  if (image.wide.empty()) return image.pixels;
  return {reinterpret_cast<std::uint8_t*>(image.wide.data()), 2 * image.wide.size()};
}

}  // namespace

Image in_colours(const LabelMap& map, const std::vector<core::ClassInfo>& classes) {
  Image image{map.height, map.width, 3, {}};
  image.pixels.reserve(3 * map.labels.size());
  for (const std::uint8_t label : map.labels) {
    const Rgb colour = label == core::kVoidLabel ? kVoidColour : classes.at(label).colour;
    image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
  }
  return image;
}

core::PixelRange exported_range(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                                const core::Splits& splits) {
  core::PixelRange range{.bits = scan.bits(), .bounds = {}};
  if (config.range) range.bounds.assign(static_cast<std::size_t>(config.channels), *config.range);
  if (!config.range_percentiles) return range;
  core::PercentileCounter counter(config.channels, range.bits);
  for (const std::int64_t index : splits.train) {
    const auto i = static_cast<std::size_t>(index);
    if (!scan.samples[i].findings.empty()) continue;
    counter.add(load_sample(catalogue, config, i, {scan.height, scan.width}, range.bits).image.bytes());
  }
  range.bounds = counter.bounds();
  return range;
}

std::vector<double> training_shares(const AuditReport& report) {
  const auto pixels = report.class_pixels.find("train");
  return pixels == report.class_pixels.end() ? std::vector<double>()
                                             : augmentations::class_shares(pixels->second);
}

DecodedSample augmented(std::int64_t index, const TrainingSamples& samples,
                        const augmentations::Augmentations& parts, const core::PixelRange& range,
                        std::uint64_t seed, std::uint32_t epoch) {
  DecodedSample sample = samples.load(index);
  const augmentations::SampleFormat format{
      .extent = {sample.image.height, sample.image.width}, .channels = sample.image.channels, .range = range};
  augmentations::Drawn drawn = augmentations::draw(parts, format.extent, seed, epoch, index);
  for (const augmentations::Mix& mix : drawn.mixes) {
    DecodedSample partner = samples.load(augmentations::partner_of(mix, index, samples.indices));
    augmentations::paste(mix, format, {numbers_of(partner.image), partner.labels.labels},
                         {numbers_of(sample.image), sample.labels.labels});
  }
  augmentations::choose_view(drawn, format.extent, sample.labels.labels, samples.shares);
  DecodedSample result = sample;
  augmentations::Scratch scratch;
  augmentations::apply(drawn, format, {numbers_of(sample.image), sample.labels.labels},
                       {numbers_of(result.image), result.labels.labels}, scratch);
  return result;
}

}  // namespace segbench::data
