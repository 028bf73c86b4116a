// SPDX-License-Identifier: MIT
#include "harness/data/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/hash.h"
#include "harness/data/mask_hints.h"
#include "harness/data/splits.h"

namespace segbench::data {
namespace {

constexpr std::size_t kFewestImages = 2, kFewImages = 5;

/// The findings of all samples; what the values of their masks look like comes as one finding in front.
void collect_sample_findings(const Catalogue& catalogue, const Scan& scan, AuditReport& report) {
  MaskValues seen, unknown;
  std::size_t masks = 0;
  const auto merge = [](auto& sum, const auto& part) {
    for (const auto& [value, pixels] : part) sum[value] += pixels;
  };
  for (const SampleFacts& facts : scan.samples) {
    masks += facts.unknown.empty() ? 0 : 1;
    merge(seen.values, facts.seen.values), merge(seen.colours, facts.seen.colours);
    merge(unknown.values, facts.unknown.values), merge(unknown.colours, facts.unknown.colours);
  }
  const std::string common = mask_hint(seen, unknown, catalogue.coding);
  if (masks > 0) {
    report.findings.push_back(
        {true, "",
         fmt::format("{} of {} masks hold values that belong to no class: found {}{}{}", masks,
                     scan.samples.size(), list_values(unknown), common.empty() ? "" : "; ", common),
         "mask_values_overall"});
  }
  for (const SampleFacts& facts : scan.samples) {
    const std::string own =
        facts.unknown.empty() ? "" : mask_hint(facts.seen, facts.unknown, catalogue.coding);
    for (AuditFinding finding : facts.findings) {
      if (finding.code == "mask_values" && !own.empty() && own != common) finding.message += "; " + own;
      report.findings.push_back(std::move(finding));
    }
  }
}

void check_sizes(const std::string& name, std::size_t images, AuditReport& report) {
  if (images >= kFewImages) return;
  const bool refuses = images < kFewestImages;
  const std::string count = images == 0   ? "no image"
                            : images == 1 ? "one image"
                                          : fmt::format("{} images", images);
  report.findings.push_back({refuses, "",
                             fmt::format("the {} split has {}; {}", name, count,
                                         refuses ? "allowed: 2 or more" : "its scores will say little"),
                             "near_empty"});
}

void count_classes(const Scan& scan, AuditReport& report) {
  const auto add = [&](const std::string& name, const std::vector<std::int64_t>& split) {
    std::vector<std::int64_t>& sums = report.class_pixels[name];
    sums.resize(report.classes.size() + 1);
    for (const std::int64_t index : split) {
      const std::vector<std::int64_t>& pixels = scan.samples[static_cast<std::size_t>(index)].class_pixels;
      for (std::size_t c = 0; c < pixels.size(); ++c) sums[c] += pixels[c];
    }
  };
  add("train", report.splits.train);
  add("selection", report.splits.selection);
  add("test", report.splits.test);
}

}  // namespace

std::string data_fingerprint(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan) {
  core::Json classes = core::Json::array(), samples = core::Json::array();
  for (const core::ClassInfo& info : catalogue.classes) classes.push_back({info.name, info.colour});
  for (std::size_t i = 0; i < scan.samples.size(); ++i) {
    const SampleFacts& facts = scan.samples[i];
    if (facts.image_sha256.empty()) return "";
    samples.push_back({catalogue.samples[i].id, facts.image_sha256, facts.labels_sha256});
  }
  if (samples.empty()) return "";
  return core::sha256_hex(core::Json{
      {"pipeline", kPipelineVersion},
      {"kind", config.kind},
      {"classes", classes},
      {"official_splits", catalogue.official_splits},
      {"samples", samples}}.dump());
}

AuditReport judge(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan) {
  AuditReport report{.findings = catalogue.findings,
                     .root = catalogue.root,
                     .data_fingerprint = data_fingerprint(catalogue, config, scan),
                     .height = scan.height,
                     .width = scan.width,
                     .classes = catalogue.classes,
                     .splits = {},
                     .class_pixels = {}};
  collect_sample_findings(catalogue, scan, report);
  const bool all_read = std::none_of(scan.samples.begin(), scan.samples.end(),
                                     [](const SampleFacts& facts) { return !facts.findings.empty(); });
  std::vector<std::string> images;
  for (const SampleFacts& facts : scan.samples) images.push_back(facts.image_sha256);
  SplitDraw drawn = draw_splits(catalogue, config, images);
  report.splits = std::move(drawn.splits);
  report.findings.insert(report.findings.end(), drawn.findings.begin(), drawn.findings.end());
  check_sizes("train", report.splits.train.size(), report);
  check_sizes("selection", report.splits.selection.size(), report);
  check_sizes("test", report.splits.test.size(), report);
  check_overlap(catalogue, config, scan, report);
  check_files(catalogue, config, scan, report);
  if (all_read) {  // else classes seem absent that are merely unread
    count_classes(scan, report);
    check_classes(config, report);
    check_resolution(config, scan, report);
  }
  std::stable_partition(report.findings.begin(), report.findings.end(),
                        [](const AuditFinding& finding) { return finding.refuses; });
  return report;
}

}  // namespace segbench::data
