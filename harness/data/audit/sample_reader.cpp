// SPDX-License-Identifier: MIT
#include "harness/data/audit/sample_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/data/audit/mask_hints.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/signature.h"

namespace segbench::data {
namespace {

constexpr std::int64_t kGiantPixels = std::int64_t{1} << 24;

/// What one mask file holds.
struct Mask {
  RawMask raw;
  CodedMask coded;
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

void check_size(const Sample& sample, const std::string& file, const Image& image, const LabelMap& mask,
                std::vector<AuditFinding>& findings) {
  if (image.height == mask.height && image.width == mask.width) return;
  const bool turned = image.height == mask.width && image.width == mask.height;
  findings.push_back(
      {true, file,
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

void check_values(const std::string& file, const Mask& mask, SampleFacts& facts) {
  if (!mask.coded.conflict.empty()) {
    facts.findings.push_back({true, file, mask.coded.conflict, "mask_colours"});
    return;
  }
  if (mask.coded.unknown.empty()) return;
  count_into(facts.seen.values, mask.raw.values);
  count_into(facts.seen.colours, mask.raw.colours);
  if (mask.coded.unknown.colours.empty() && facts.seen.values.empty()) {
    for (const auto& [colour, pixels] : facts.seen.colours)
      facts.seen.values[colour[0]] = pixels;  // grey, as RGB
  }
  for (const auto& [value, pixels] : mask.coded.unknown.values) facts.unknown.values[value] += pixels;
  for (const auto& [colour, pixels] : mask.coded.unknown.colours) facts.unknown.colours[colour] += pixels;
  facts.findings.push_back(
      {true, file,
       fmt::format("{} pixels of this {} mask belong to no class: {}", mask.coded.unknown_pixels,
                   mask.raw.storage, list_values(mask.coded.unknown)),
       "mask_values"});
}

/// What the mask stores: of one that fits, the classes that occur say it.
void note_kinds(const Mask& mask, const LabelCoding& coding, SampleFacts& facts) {
  StoredKinds& kinds = facts.stored;
  if (!mask.coded.unknown.empty()) {
    if (mask.coded.unknown.colours.empty())
      for (const auto& [value, pixels] : facts.seen.values) kinds.values.insert(value);
    else
      for (const auto& [colour, pixels] : facts.seen.colours) kinds.colours.insert(colour);
    return;
  }
  const bool by_colour = !mask.raw.colours.empty() && !coding.class_colours.empty();
  const std::vector<std::int64_t> pixels =
      core::count_labels(mask.coded.map.labels, static_cast<int>(coding.class_values.size()));
  for (std::size_t c = 0; c < coding.class_values.size(); ++c) {
    if (pixels[c] == 0) continue;
    if (by_colour)
      kinds.colours.insert(coding.class_colours[c]);
    else
      kinds.values.insert(coding.class_values[c]);
  }
  if (pixels.back() == 0) return;
  if (by_colour)
    kinds.colours.insert(coding.void_colours.begin(), coding.void_colours.end());
  else
    kinds.values.insert(coding.void_values.begin(), coding.void_values.end());
}

/// Objects on top of what is there: all but the first class.
void lay_over(const LabelMap& objects, LabelMap& labels) {
  if (labels.labels.empty()) {
    labels = objects;
    return;
  }
  for (std::size_t i = 0; i < labels.labels.size(); ++i) {
    if (objects.labels[i] != 0) labels.labels[i] = objects.labels[i];
  }
}

/// Adds what one mask file says; `image` is empty where it could not be read.
void take_mask(const Catalogue& catalogue, const Sample& sample, const std::string& file, Bytes bytes,
               const ImageRule& rule, const Image& image, LabelMap& labels, SampleFacts& facts) {
  Mask mask;
  collect(file, facts.findings, [&] {
    StoredImage stored = read_stored(bytes, sample.page);
    const bool in_alpha = lies_in_alpha(stored);
    mask.raw = mask_of(std::move(stored));
    mask.coded = encode_mask(mask.raw, catalogue.coding);
    if (rule.apply_orientation) mask.coded.map = oriented(std::move(mask.coded.map), mask.raw.orientation);
    facts.mask_in_alpha = facts.mask_in_alpha || in_alpha;
  });
  if (mask.coded.map.labels.empty() || image.height == 0) return;
  facts.mask_orientation = mask.raw.orientation;
  check_size(sample, file, image, mask.coded.map, facts.findings);
  check_values(file, mask, facts);
  note_kinds(mask, catalogue.coding, facts);
  if (labels.labels.empty() || labels.labels.size() == mask.coded.map.labels.size())
    lay_over(mask.coded.map, labels);
}

/// The label map of a sample whose mask is outlines.
void take_outlines(const Catalogue& catalogue, std::size_t index, const Image& image, LabelMap& labels,
                   SampleFacts& facts) {
  const Sample& sample = catalogue.samples[index];
  collect(sample.mask_file, facts.findings, [&] { labels = catalogue.draw_labels(index); });
  if (labels.labels.empty() || image.height == 0) return;
  check_size(sample, sample.mask_file, image, labels, facts.findings);
}

std::vector<std::uint8_t> read_bytes(const Catalogue& catalogue, const std::string& file,
                                     std::vector<AuditFinding>& findings) {
  std::vector<std::uint8_t> bytes;
  collect(file, findings, [&] { bytes = read_sample_file(catalogue.root / file); });
  return bytes;
}

}  // namespace

std::optional<DecodedSample> read_sample(const Catalogue& catalogue, const core::DataConfig& config,
                                         std::size_t index, SampleFacts& facts) {
  const Sample& sample = catalogue.samples[index];
  const ImageRule rule = image_rule(config);
  std::vector<std::string> files = sample.object_masks;
  if (files.empty() && !catalogue.draw_labels) files.push_back(sample.mask_file);
  const std::vector<std::uint8_t> image_bytes = read_bytes(catalogue, sample.image_file, facts.findings);
  std::vector<std::vector<std::uint8_t>> masks;
  for (const std::string& file : files) masks.push_back(read_bytes(catalogue, file, facts.findings));
  const auto check = [&](const std::string& file, const std::vector<std::uint8_t>& bytes) {
    collect(file, facts.findings, [&] {
      if (!bytes.empty()) examine(bytes);
    });
  };
  check(sample.image_file, image_bytes);
  for (std::size_t i = 0; i < files.size(); ++i) check(files[i], masks[i]);
  if (!facts.findings.empty()) return std::nullopt;

  const std::unique_lock<std::mutex> room =
      wait_for_room(image_bytes, masks.empty() ? image_bytes : masks.front());
  DecodedSample decoded;
  collect(sample.image_file, facts.findings, [&] {
    const StoredImage stored = read_stored(image_bytes, sample.page);
    decoded.image = image_of(stored, rule);
    facts.maximum = stored.maximum;
    facts.pages = stored.pages, facts.orientation = stored.orientation;
    facts.bands = stored.palette.empty() && !stored.cmyk ? stored.bands() : 3;
  });
  for (std::size_t i = 0; i < files.size(); ++i)
    take_mask(catalogue, sample, files[i], masks[i], rule, decoded.image, decoded.labels, facts);
  if (catalogue.draw_labels) take_outlines(catalogue, index, decoded.image, decoded.labels, facts);
  merge_labels(catalogue, decoded.labels);
  facts.stored_pixels = core::count_labels(decoded.labels.labels, static_cast<int>(catalogue.classes.size()));
  if (!facts.findings.empty()) return std::nullopt;
  return decoded;
}

}  // namespace segbench::data
