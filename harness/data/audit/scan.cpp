// SPDX-License-Identifier: MIT
#include "harness/data/audit/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/parallel.h"
#include "harness/data/audit/sample_reader.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/resize.h"

namespace segbench::data {
namespace {

constexpr std::size_t kMostSketches = 30'000;

/// Of size and samples; what has 8 bits and is RGB, as most images, is hashed without saying so.
std::string digest(const Image& image) {
  core::Sha256 hash;
  hash.update(fmt::format("{}x{}\n", image.height, image.width));
  if (image.channels != 3 || image.bits() != 8)
    hash.update(fmt::format("{} {}\n", image.channels, image.bits()));
  hash.update(image.bytes());
  return hash.hex_digest();
}

std::string digest(const LabelMap& map) {
  core::Sha256 hash;
  hash.update(fmt::format("{}x{}\n", map.height, map.width));
  hash.update(std::as_bytes(std::span(map.labels)));
  return hash.hex_digest();
}

/// What the samples of an image are like.
void look_at_samples(const Image& image, SampleFacts& facts) {
  const auto channels = static_cast<std::size_t>(image.channels);
  image.visit([&](const auto& samples) {
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    facts.lowest = *low, facts.highest = *high;
    facts.one_colour =
        std::equal(samples.begin() + static_cast<std::ptrdiff_t>(channels), samples.end(), samples.begin());
  });
  facts.bits = image.bits();
}

DecodedSample drawn_sample(const Catalogue& catalogue, std::size_t index, std::array<std::int64_t, 2> size) {
  DecodedSample drawn = catalogue.render(index, size[0], size[1]);
  merge_labels(catalogue, drawn.labels);
  return drawn;
}

/// The sample as its files hold it (built-in: as drawn at its native size); nothing when a finding refuses
/// it.
std::optional<DecodedSample> examine_sample(const Catalogue& catalogue, const core::DataConfig& config,
                                            std::size_t index, SampleFacts& facts) {
  if (catalogue.render) return drawn_sample(catalogue, index, catalogue.native_size);
  return read_sample(catalogue, config, index, facts);
}

DecodedSample at_size(const Catalogue& catalogue, const core::DataConfig& config, std::size_t index,
                      DecodedSample decoded, std::array<std::int64_t, 2> size, int bits) {
  if (catalogue.render) {
    if (size != catalogue.native_size) decoded = drawn_sample(catalogue, index, size);
    decoded.image = with_channels(std::move(decoded.image), config.channels);
    return decoded;
  }
  decoded.image = network_input(std::move(decoded.image), image_rule(config), size[0], size[1], bits);
  decoded.labels = resize_nearest(decoded.labels, size[0], size[1]);
  return decoded;
}

SampleFacts scan_sample(const Catalogue& catalogue, const core::DataConfig& config, std::size_t index,
                        std::array<std::int64_t, 2> size, int bits, const SampleSink& sink, Sketch* sketch) {
  SampleFacts facts;
  std::optional<DecodedSample> decoded = examine_sample(catalogue, config, index, facts);
  if (!decoded) return facts;
  facts.height = decoded->image.height;
  facts.width = decoded->image.width;
  facts.image_sha256 = digest(decoded->image);
  facts.labels_sha256 = digest(decoded->labels);
  look_at_samples(decoded->image, facts);
  if (sketch != nullptr) {
    *sketch = sketch_of(decoded->image, decoded->labels);
    sketch->image_sha256 = facts.image_sha256;
  }
  const std::array<std::int64_t, 2> own = {facts.height, facts.width};
  if (!config.resolution && own != size) {
    facts.findings.push_back(
        {true, catalogue.samples[index].image_file,
         fmt::format("the image has {} x {} pixels, the first one {} x {}; images of several sizes "
                     "need a resolution: set resolution = [height, width]",
                     own[0], own[1], size[0], size[1]),
         "native_size"});
    return facts;
  }
  const DecodedSample resized = at_size(catalogue, config, index, std::move(*decoded), size, bits);
  facts.class_pixels = core::count_labels(resized.labels.labels, static_cast<int>(catalogue.classes.size()));
  if (sink && facts.bits <= bits) sink(index, resized.image, resized.labels);
  return facts;
}

}  // namespace

int Scan::bits() const {
  int most = 8;
  for (const SampleFacts& facts : samples) most = std::max(most, facts.bits);
  return most;
}

std::optional<std::array<std::int64_t, 2>> cache_size(const Catalogue& catalogue,
                                                      const core::DataConfig& config) {
  if (config.resolution) return config.resolution;
  if (catalogue.render) return catalogue.native_size;
  for (std::size_t i = 0; i < catalogue.samples.size(); ++i) {
    SampleFacts facts;
    if (const auto decoded = examine_sample(catalogue, config, i, facts))
      return {{decoded->image.height, decoded->image.width}};
  }
  return std::nullopt;
}

int first_bits(const Catalogue& catalogue, const core::DataConfig& config) {
  for (std::size_t i = 0; !catalogue.render && i < catalogue.samples.size(); ++i) {
    SampleFacts facts;
    if (const auto decoded = examine_sample(catalogue, config, i, facts)) return decoded->image.bits();
  }
  return 8;
}

Scan scan_samples(const Catalogue& catalogue, const core::DataConfig& config, const SampleSink& sink,
                  const Progress& progress, int bits) {
  Scan scan;
  const std::array<std::int64_t, 2> size =
      cache_size(catalogue, config).value_or(std::array<std::int64_t, 2>{0, 0});
  scan.height = size[0], scan.width = size[1];
  scan.samples.resize(catalogue.samples.size());
  const auto total = static_cast<std::int64_t>(scan.samples.size());
  // Drawn scenes need no comparison, and that of a great many pictures would take too much memory.
  std::vector<Sketch> sketches(catalogue.render || scan.samples.size() > kMostSketches ? 0
                                                                                       : scan.samples.size());
  std::mutex reporting;
  std::int64_t done = 0;
  core::in_parallel(scan.samples.size(), [&](std::size_t i) {
    scan.samples[i] =
        scan_sample(catalogue, config, i, size, bits, sink, sketches.empty() ? nullptr : &sketches[i]);
    if (!progress) return;
    const std::lock_guard<std::mutex> lock(reporting);
    progress(++done, total);
  });
  scan.near_twins = find_near_twins(sketches);
  scan.misfits = find_misfits(sketches);
  return scan;
}

DecodedSample load_sample(const Catalogue& catalogue, const core::DataConfig& config, std::size_t index,
                          std::array<std::int64_t, 2> size, std::optional<int> bits) {
  SampleFacts facts;
  std::optional<DecodedSample> decoded = examine_sample(catalogue, config, index, facts);
  if (!decoded) {
    const AuditFinding& finding = facts.findings.front();
    throw core::UserError(
        {core::Problem{.file = (catalogue.root / finding.file).string(), .message = finding.message}},
        core::kAuditRefused);
  }
  const int own_bits = decoded->image.bits();
  return at_size(catalogue, config, index, std::move(*decoded), size, bits.value_or(own_bits));
}

}  // namespace segbench::data
