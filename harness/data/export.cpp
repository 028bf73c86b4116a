// SPDX-License-Identifier: MIT
#include "harness/data/export.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/counts.h"
#include "harness/core/files.h"
#include "harness/data/image_file.h"
#include "harness/data/judge.h"
#include "harness/data/listing.h"

namespace segbench::data {
namespace {

constexpr Rgb kVoidColour = {255, 255, 255};

Image in_colours(const LabelMap& map, const std::vector<core::ClassInfo>& classes) {
  Image image{map.height, map.width, 3, {}};
  image.pixels.reserve(3 * map.labels.size());
  for (const std::uint8_t label : map.labels) {
    const Rgb colour = label == core::kVoidLabel ? kVoidColour : classes.at(label).colour;
    image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
  }
  return image;
}

void write_classes(const std::filesystem::path& file, const std::vector<core::ClassInfo>& classes) {
  std::string text;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const Rgb& colour = classes[c].colour;
    text += fmt::format("{}\t#{:02x}{:02x}{:02x}\t{}\n", c, colour[0], colour[1], colour[2], classes[c].name);
  }
  core::write_file_atomically(file, text + "void\t#ffffff\n");
}

}  // namespace

AuditReport export_samples(const core::DataConfig& config, const std::filesystem::path& folder,
                           const ExportOptions& options, std::int64_t& written,
                           const Progress& progress) try {
  const Catalogue catalogue = open_catalogue(config);
  const Scan scan = scan_samples(catalogue, config, {}, progress);
  const AuditReport report = judge(catalogue, config, scan);
  std::filesystem::create_directories(folder);
  write_classes(folder / "classes.txt", catalogue.classes);
  const std::array<std::pair<std::string, const std::vector<std::int64_t>*>, 3> splits = {
      {{"train", &report.splits.train},
       {"selection", &report.splits.selection},
       {"test", &report.splits.test}}};
  written = 0;
  for (const auto& [name, samples] : splits) {
    if (options.split && *options.split != name) continue;
    std::filesystem::create_directories(folder / name);
    std::int64_t left = options.limit.value_or(INT64_MAX);
    for (const std::int64_t sample : *samples) {
      const auto index = static_cast<std::size_t>(sample);
      if (!scan.samples[index].findings.empty()) continue;
      if (left-- <= 0) break;
      const DecodedSample decoded = load_sample(catalogue, config, index, {scan.height, scan.width});
      std::string id = catalogue.samples[index].id;
      std::replace(id.begin(), id.end(), '/', '_');
      write_png(folder / name / (id + ".png"), decoded.image);
      write_png(folder / name / (id + "_mask.png"), in_colours(decoded.labels, catalogue.classes));
      ++written;
    }
  }
  return report;
} catch (const std::filesystem::filesystem_error& error) {
  throw core::UserError(fmt::format("{}: {}", printable(error.path1().string()), error.code().message()),
                        core::kTrialFailed);
}

}  // namespace segbench::data
