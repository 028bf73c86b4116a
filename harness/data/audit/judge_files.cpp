// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/data/audit/judge.h"

namespace segbench::data {
namespace {

constexpr std::size_t kNamedFiles = 5;

/// Files that share something worth telling.
struct NamedFiles {
  std::vector<std::string> names;  ///< at most kNamedFiles
  std::size_t count = 0;

  void add(const std::string& name) {
    if (count++ < kNamedFiles) names.push_back(name);
  }
  /// "3 images (a.jpg, b.jpg, c.jpg)"
  std::string text(const char* what) const {
    return fmt::format("{} {}{} ({}{})", count, what, count == 1 ? "" : "s", fmt::join(names, ", "),
                       count > names.size() ? ", …" : "");
  }
};

/// Warns when the images leave most of the range unused: networks then see them nearly of one grey.
void check_range(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                 AuditReport& report) {
  if (catalogue.render || config.range_percentiles) return;
  const int bits = scan.bits();
  double lowest = 65535, highest = 0;
  std::int64_t stored_maximum = 0;
  bool any = false;
  for (const SampleFacts& facts : scan.samples) {
    if (facts.image_sha256.empty()) continue;
    any = true;
    const double scale = !config.range && facts.bits < bits ? 257.0 : 1.0;
    lowest = std::min(lowest, scale * static_cast<double>(facts.lowest));
    highest = std::max(highest, scale * static_cast<double>(facts.highest));
    stored_maximum = std::max(stored_maximum, facts.maximum);
  }
  if (!any) return;
  const double top = bits == 16 ? 65535 : 255;
  const auto [low, high] = config.range.value_or(std::array<double, 2>{0, top});
  const double used = std::min(highest, high) - std::max(lowest, low);
  if (used >= (high - low) / 4) return;
  // In stored values: without a range, samples have been scaled to all of their bits.
  const double unit = config.range ? 1.0 : static_cast<double>(stored_maximum) / top;
  const auto first = static_cast<std::int64_t>(std::lround(lowest * unit));
  const auto last = static_cast<std::int64_t>(std::lround(highest * unit));
  std::int64_t suggestion = 1;
  while (suggestion < last) suggestion = 2 * suggestion + 1;
  report.findings.push_back(warning_finding("range", {{"first", std::to_string(first)},
                                                      {"last", std::to_string(last)},
                                                      {"low", fmt::format("{}", low * unit)},
                                                      {"high", fmt::format("{}", high * unit)},
                                                      {"suggestion", std::to_string(suggestion)}}));
}

}  // namespace

void check_files(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                 AuditReport& report) {
  NamedFiles turned_images, turned_masks, paged, banded;
  int most_bands = 0;
  for (std::size_t i = 0; i < scan.samples.size(); ++i) {
    const SampleFacts& facts = scan.samples[i];
    const Sample& sample = catalogue.samples[i];
    if (facts.orientation != 1) turned_images.add(sample.image_file);
    if (facts.mask_orientation != 1) turned_masks.add(sample.mask_file);
    if (facts.pages > 1) paged.add(sample.image_file);
    if (facts.bands > 3 && facts.bands > config.channels) {
      banded.add(sample.image_file);
      most_bands = std::max(most_bands, facts.bands);
    }
  }
  check_range(catalogue, config, scan, report);
  const auto warn = [&](std::string_view key, const core::WarningValues& values) {
    report.findings.push_back(warning_finding(key, values));
  };
  if (config.apply_orientation) turned_images.count = turned_masks.count = 0;
  for (const auto& [files, what] : {std::pair{&turned_images, "image"}, {&turned_masks, "mask"}}) {
    if (files->count == 0) continue;
    warn("orientation",
         {{"files", fmt::format("{} state{}", files->text(what), files->count == 1 ? "s" : "")}});
  }
  if (paged.count > 0) {
    warn("pages", {{"files", paged.text("image") + (paged.count == 1 ? " has" : " have")}});
  }
  if (banded.count > 0) {
    warn("bands", {{"files", banded.text("image") + (banded.count == 1 ? " has" : " have")},
                   {"bands", std::to_string(most_bands)},
                   {"channels", std::to_string(config.channels)},
                   {"taken", config.channels == 1 ? "the luminance of the first three"
                                                  : fmt::format("the first {}", config.channels)}});
  }
}

}  // namespace segbench::data
