// SPDX-License-Identifier: MIT
#include "harness/data/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/data/audit/groups.h"
#include "harness/data/audit/judge.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/output_files.h"
#include "harness/data/contact_sheet.h"
#include "harness/data/views.h"

namespace segbench::data {
namespace {

constexpr std::size_t kSamplesARow = 4;

using ShownSplit = std::pair<const char*, const std::vector<std::int64_t>*>;

std::array<ShownSplit, 3> shown_splits(const AuditReport& report) {
  return {{{"train", &report.splits.train},
           {"selection", &report.splits.selection},
           {"test", &report.splits.test}}};
}

void check_sheet(const Catalogue& catalogue, const SheetOptions& sheet) {
  if (sheet.file.empty()) return;
  check_outputs({.files = {sheet.file}, .inputs = {}, .data_root = catalogue.root, .force = sheet.force});
}

void count_shares(const Scan& scan, Description& description) {
  const std::size_t classes = description.audit.classes.size();
  for (const auto& [name, samples] : shown_splits(description.audit)) {
    std::vector<ClassShare>& shares = description.shares[name];
    shares.resize(classes + 1);
    for (const std::int64_t sample : *samples) {
      const std::vector<std::int64_t>& pixels = scan.samples[static_cast<std::size_t>(sample)].class_pixels;
      for (std::size_t c = 0; c < pixels.size(); ++c) {
        shares[c].images += pixels[c] > 0 ? 1 : 0;
        shares[c].pixels += pixels[c];
      }
    }
  }
}

/// Up to `count` of the readable samples of a split, evenly chosen.
std::vector<std::size_t> chosen_samples(const std::vector<std::int64_t>& split, const Scan& scan,
                                        std::int64_t count) {
  std::vector<std::size_t> readable;
  for (const std::int64_t sample : split) {
    if (scan.samples[static_cast<std::size_t>(sample)].findings.empty())
      readable.push_back(static_cast<std::size_t>(sample));
  }
  const std::size_t wanted = std::min(readable.size(), static_cast<std::size_t>(count));
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(readable[i * readable.size() / wanted]);
  return chosen;
}

void write_sheet(const SheetOptions& options, const std::vector<std::vector<Image>>& rows) {
  if (rows.empty())
    throw core::UserError("there is no sample to show; segbench audit says why", core::kAuditRefused);
  if (options.file.has_parent_path()) std::filesystem::create_directories(options.file.parent_path());
  write_png(options.file, contact_sheet(rows, options.side));
}

}  // namespace

Description describe(const core::DataConfig& config, const SheetOptions& sheet, const Progress& progress) {
  const Catalogue catalogue = open_catalogue(config);
  check_sheet(catalogue, sheet);
  const Scan scan = scan_samples(catalogue, config, {}, progress);
  Description description{.audit = judge(catalogue, config, scan),
                          .sizes = {},
                          .bits = {},
                          .bands = {},
                          .samples = static_cast<std::int64_t>(catalogue.samples.size()),
                          .groups = 0,
                          .shares = {},
                          .shown = {}};
  for (const SampleFacts& facts : scan.samples) {
    if (facts.image_sha256.empty()) continue;
    ++description.sizes[{facts.height, facts.width}];
    ++description.bits[facts.bits];
    ++description.bands[facts.bands];
  }
  std::set<std::string> groups;
  for (const std::string& group : groups_of(catalogue, config).names) groups.insert(group);
  groups.erase("");
  description.groups = static_cast<std::int64_t>(groups.size());
  count_shares(scan, description);
  if (sheet.file.empty()) return description;

  const core::PixelRange range = exported_range(catalogue, config, scan, description.audit.splits);
  std::vector<std::vector<Image>> rows;
  for (const std::size_t i : chosen_samples(description.audit.splits.train, scan, sheet.samples)) {
    const DecodedSample sample = load_sample(catalogue, config, i, {scan.height, scan.width}, range.bits);
    if (description.shown.size() % kSamplesARow == 0) rows.emplace_back();
    rows.back().push_back(view_of(sample.image, range));
    rows.back().push_back(in_colours(sample.labels, catalogue.classes));
    description.shown.push_back(catalogue.samples[i].id);
  }
  write_sheet(sheet, rows);
  return description;
}

core::Json to_json(const Description& description) {
  core::Json json = to_json(description.audit);
  json["samples"] = description.samples;
  json["groups"] = description.groups;
  json["sizes"] = core::Json::array();
  for (const auto& [size, images] : description.sizes)
    json["sizes"].push_back({{"height", size[0]}, {"width", size[1]}, {"images", images}});
  for (const auto& [key, counts] : {std::pair{"bits", &description.bits}, {"bands", &description.bands}}) {
    json[key] = core::Json::array();
    for (const auto& [value, images] : *counts) json[key].push_back({{key, value}, {"images", images}});
  }
  for (const auto& [split, shares] : description.shares) {
    core::Json& list = json["class_shares"][split] = core::Json::array();
    for (const ClassShare& share : shares)
      list.push_back({{"images", share.images}, {"pixels", share.pixels}});
  }
  json["shown"] = description.shown;
  return json;
}

std::vector<std::string> write_augment_sheet(const core::DataConfig& config,
                                             const AugmentSheetOptions& options, const Progress& progress) {
  const Catalogue catalogue = open_catalogue(config);
  check_sheet(catalogue, options.sheet);
  const Scan scan = scan_samples(catalogue, config, {}, progress);
  const AuditReport report = judge(catalogue, config, scan);
  const core::PixelRange range = exported_range(catalogue, config, scan, report.splits);
  const augmentations::Augmentations parts = augmentations::make_augmentations(options.augment);
  const std::function<DecodedSample(std::int64_t)> load = [&](std::int64_t i) {
    return load_sample(catalogue, config, static_cast<std::size_t>(i), {scan.height, scan.width}, range.bits);
  };
  const TrainingSamples training{report.splits.train, load, training_shares(report)};
  std::vector<std::vector<Image>> rows;
  std::vector<std::string> ids;
  for (const std::size_t i : chosen_samples(report.splits.train, scan, options.sheet.samples)) {
    const auto index = static_cast<std::int64_t>(i);
    std::vector<Image> images, labels;
    for (std::uint32_t epoch = 0; epoch <= options.epochs; ++epoch) {
      const DecodedSample shown =
          epoch == 0 ? load(index) : augmented(index, training, parts, range, options.seed, epoch);
      images.push_back(view_of(shown.image, range));
      labels.push_back(in_colours(shown.labels, catalogue.classes));
    }
    rows.push_back(std::move(images));
    rows.push_back(std::move(labels));
    ids.push_back(catalogue.samples[i].id);
  }
  write_sheet(options.sheet, rows);
  return ids;
}

}  // namespace segbench::data
