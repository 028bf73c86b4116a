// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/data/judge.h"

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
  const auto warn = [&](const char* code, std::string message) {
    report.findings.push_back({false, "", std::move(message), code});
  };
  for (const auto& [files, what] : {std::pair{&turned_images, "image"}, {&turned_masks, "mask"}}) {
    if (files->count == 0) continue;
    warn("orientation",
         fmt::format(
             "{} state{} an orientation (EXIF or TIFF) that is not applied: the pixels are taken as they are "
             "stored; check that masks lie on their images, with segbench data export",
             files->text(what), files->count == 1 ? "s" : ""));
  }
  if (paged.count > 0) {
    warn("pages", fmt::format("{} {} several pages; the first one is read, the others are not used",
                              paged.text("image"), paged.count == 1 ? "has" : "have"));
  }
  if (banded.count > 0) {
    warn("bands",
         fmt::format("{} {} up to {} bands; data.channels = {} takes {}; set channels = {} to use all",
                     banded.text("image"), banded.count == 1 ? "has" : "have", most_bands, config.channels,
                     config.channels == 1 ? "the luminance of the first three"
                                          : fmt::format("the first {}", config.channels),
                     most_bands));
  }
}

}  // namespace segbench::data
