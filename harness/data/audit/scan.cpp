// SPDX-License-Identifier: MIT
#include "harness/data/audit/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/parallel.h"
#include "harness/data/audit/mask_hints.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/resize.h"
#include "harness/data/codecs/signature.h"

namespace segbench::data {
namespace {

constexpr std::size_t kMostSketches = 30'000;
constexpr std::int64_t kGiantPixels = std::int64_t{1} << 24;

/// A decoded pair and what its mask holds beside classes.
struct Pair {
  Image image;
  RawMask raw;
  CodedMask coded;
  std::int64_t pages = 1;  ///< of the image's file
  int orientation = 1, bands = 3;
  bool mask_in_alpha = false;
  std::uint32_t maximum = 255;
};

/// Held while a giant is decoded, so that threads do not hold several.
std::unique_lock<std::mutex> wait_for_room(Bytes image, Bytes mask) {
  static std::mutex giants;
  const Signature a = examine(image), b = examine(mask);
  std::unique_lock<std::mutex> lock(giants, std::defer_lock);
  if (std::max(a.height * a.width, b.height * b.width) > kGiantPixels) lock.lock();
  return lock;
}

/// Runs `step`; what it throws becomes a finding about `file`.
template <typename Step>
void collect(const std::string& file, std::vector<AuditFinding>& findings, Step step) {
  try {
    step();
  } catch (const core::UserError& error) {
    findings.push_back({true, file, error.what(), "unreadable"});
  } catch (const std::bad_alloc&) {
    findings.push_back({true, file, "there is not enough memory to decode it", "unreadable"});
  }
}

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

template <typename Value>
void count_into(std::map<Value, std::int64_t>& counts, const auto& pixels) {
  for (const auto& pixel : pixels) {
    const auto found = counts.find(pixel);
    if (found != counts.end())
      ++found->second;
    else if (counts.size() < kMaxListed)
      counts.emplace(pixel, 1);
  }
}

void check_size(const Sample& sample, const Pair& pair, std::vector<AuditFinding>& findings) {
  const Image& image = pair.image;
  const LabelMap& mask = pair.coded.map;
  if (image.height == mask.height && image.width == mask.width) return;
  const bool turned = image.height == mask.width && image.width == mask.height;
  findings.push_back(
      {true, sample.mask_file,
       fmt::format(
           "the mask has {} x {} pixels, its image {} has {} x {}{}", mask.height, mask.width,
           sample.image_file, image.height, image.width,
           turned
               ? "; the two are turned against each other: the orientation that a camera "
                 "writes into a file (EXIF) is not applied; set orientation = \"apply\" where the mask was "
                 "drawn on the turned image"
               : ""),
       "size_mismatch"});
}

void check_values(const Sample& sample, const Pair& pair, SampleFacts& facts) {
  if (!pair.coded.conflict.empty()) {
    facts.findings.push_back({true, sample.mask_file, pair.coded.conflict, "mask_colours"});
    return;
  }
  if (pair.coded.unknown.empty()) return;
  count_into(facts.seen.values, pair.raw.values);
  count_into(facts.seen.colours, pair.raw.colours);
  if (pair.coded.unknown.colours.empty() && facts.seen.values.empty()) {
    for (const auto& [colour, pixels] : facts.seen.colours)
      facts.seen.values[colour[0]] = pixels;  // grey, as RGB
  }
  facts.unknown = pair.coded.unknown;
  facts.findings.push_back(
      {true, sample.mask_file,
       fmt::format("{} pixels of this {} mask belong to no class: {}", pair.coded.unknown_pixels,
                   pair.raw.storage, list_values(facts.unknown)),
       "mask_values"});
}

/// What the mask stores: of one that fits, the classes that occur say it.
StoredKinds kinds_of(const Pair& pair, const LabelCoding& coding, const SampleFacts& facts) {
  StoredKinds kinds;
  if (!facts.unknown.empty()) {
    if (facts.unknown.colours.empty())
      for (const auto& [value, pixels] : facts.seen.values) kinds.values.insert(value);
    else
      for (const auto& [colour, pixels] : facts.seen.colours) kinds.colours.insert(colour);
    return kinds;
  }
  const bool by_colour = !pair.raw.colours.empty() && !coding.class_colours.empty();
  for (std::size_t c = 0; c < coding.class_values.size(); ++c) {
    if (facts.stored_pixels[c] == 0) continue;
    if (by_colour)
      kinds.colours.insert(coding.class_colours[c]);
    else
      kinds.values.insert(coding.class_values[c]);
  }
  if (facts.stored_pixels.back() == 0) return kinds;
  if (by_colour)
    kinds.colours.insert(coding.void_colours.begin(), coding.void_colours.end());
  else
    kinds.values.insert(coding.void_values.begin(), coding.void_values.end());
  return kinds;
}

/// Reads the two files; what fails is a finding, and then nothing is returned.
std::optional<Pair> read_pair(const Catalogue& catalogue, const Sample& sample, const ImageRule& rule,
                              std::vector<AuditFinding>& findings) {
  std::vector<std::uint8_t> image_bytes, mask_bytes;
  collect(sample.image_file, findings,
          [&] { image_bytes = read_sample_file(catalogue.root / sample.image_file); });
  collect(sample.mask_file, findings,
          [&] { mask_bytes = read_sample_file(catalogue.root / sample.mask_file); });
  collect(sample.image_file, findings, [&] {
    if (!image_bytes.empty()) examine(image_bytes);
  });
  collect(sample.mask_file, findings, [&] {
    if (!mask_bytes.empty()) examine(mask_bytes);
  });
  if (!findings.empty()) return std::nullopt;
  const std::unique_lock<std::mutex> room = wait_for_room(image_bytes, mask_bytes);
  Pair pair;
  collect(sample.image_file, findings, [&] {
    const StoredImage stored = read_stored(image_bytes);
    pair.image = image_of(stored, rule);
    pair.maximum = stored.maximum;
    pair.pages = stored.pages, pair.orientation = stored.orientation;
    pair.bands = stored.palette.empty() && !stored.cmyk ? stored.bands() : 3;
  });
  collect(sample.mask_file, findings, [&] {
    StoredImage stored = read_stored(mask_bytes);
    pair.mask_in_alpha = lies_in_alpha(stored);
    pair.raw = mask_of(std::move(stored));
    pair.coded = encode_mask(pair.raw, catalogue.coding);
    if (rule.apply_orientation) pair.coded.map = oriented(std::move(pair.coded.map), pair.raw.orientation);
  });
  if (!findings.empty()) return std::nullopt;
  return pair;
}

/// The sample as its files hold it (built-in: as drawn at its native size); nothing when a finding refuses
/// it.
std::optional<DecodedSample> examine_sample(const Catalogue& catalogue, const core::DataConfig& config,
                                            std::size_t index, SampleFacts& facts) {
  if (catalogue.render) return catalogue.render(index, catalogue.native_size[0], catalogue.native_size[1]);
  const Sample& sample = catalogue.samples[index];
  std::optional<Pair> pair = read_pair(catalogue, sample, image_rule(config), facts.findings);
  if (!pair) return std::nullopt;
  facts.pages = pair->pages, facts.bands = pair->bands;
  facts.maximum = pair->maximum;
  facts.orientation = pair->orientation, facts.mask_orientation = pair->raw.orientation;
  facts.mask_in_alpha = pair->mask_in_alpha;
  facts.stored_pixels =
      core::count_labels(pair->coded.map.labels, static_cast<int>(catalogue.classes.size()));
  check_size(sample, *pair, facts.findings);
  check_values(sample, *pair, facts);
  facts.stored = kinds_of(*pair, catalogue.coding, facts);
  if (!facts.findings.empty()) return std::nullopt;
  return DecodedSample{std::move(pair->image), std::move(pair->coded.map)};
}

DecodedSample at_size(const Catalogue& catalogue, const core::DataConfig& config, std::size_t index,
                      DecodedSample decoded, std::array<std::int64_t, 2> size, int bits) {
  if (catalogue.render) {
    if (size != catalogue.native_size) decoded = catalogue.render(index, size[0], size[1]);
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
