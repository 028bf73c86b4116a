// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/data/audit/judge.h"

namespace segbench::data {
namespace {

using NamedSplit = std::pair<std::string, const std::vector<std::int64_t>*>;

std::vector<NamedSplit> splits_of(const AuditReport& report) {
  return {{"train", &report.splits.train},
          {"selection", &report.splits.selection},
          {"test", &report.splits.test}};
}

/// Where a picture stands: the first sample that shows it in each split.
struct Place {
  std::string split;
  std::int64_t sample;
};

class OverlapCheck {
 public:
  OverlapCheck(const Catalogue& catalogue, const Scan& scan, bool allowed, AuditReport& report)
      : catalogue_(catalogue), scan_(scan), allowed_(allowed), report_(report) {}

  void see(const std::string& split, std::int64_t sample) {
    const SampleFacts& facts = facts_of(sample);
    const std::string key = facts.image_sha256.empty() ? "id " + sample_of(sample).id : facts.image_sha256;
    std::vector<Place>& places = places_[key];
    bool first_here = true;
    for (const Place& place : places) {
      if (place.split == split) first_here = false;
      add_finding(place, {split, sample});
    }
    if (first_here) places.push_back({split, sample});
  }

 private:
  const Sample& sample_of(std::int64_t index) const {
    return catalogue_.samples[static_cast<std::size_t>(index)];
  }
  const SampleFacts& facts_of(std::int64_t index) const {
    return scan_.samples[static_cast<std::size_t>(index)];
  }
  std::string name_of(std::int64_t index) const {
    const Sample& sample = sample_of(index);
    return sample.image_file.empty() ? sample.id : sample.image_file;
  }

  void add_finding(const Place& earlier, const Place& later) {
    const bool same_sample = earlier.sample == later.sample, same_split = earlier.split == later.split;
    const bool masks_differ = facts_of(earlier.sample).labels_sha256 != facts_of(later.sample).labels_sha256;
    std::string what = same_sample
                           ? "this image"
                           : fmt::format("this image equals {}, pixel by pixel,", name_of(earlier.sample));
    if (same_split) {
      const std::string details =
          fmt::format("{}{}", facts_of(later.sample).one_colour ? "; all its pixels are the same" : "",
                      masks_differ ? "; their masks differ" : "");
      report_.findings.push_back(
          warning_finding("duplicate", {{"image", what}, {"split", later.split}, {"details", details}},
                          name_of(later.sample)));
      return;
    }
    const std::string where =
        same_sample ? fmt::format("is in {} and in {}", earlier.split, later.split)
                    : fmt::format("which is in {}; this one is in {}", earlier.split, later.split);
    report_.findings.push_back(
        allowed_ ? warning_finding("overlap", {{"image", what}, {"where", where}}, name_of(later.sample))
                 : AuditFinding{.refuses = true,
                                .file = name_of(later.sample),
                                .message = fmt::format("{} {}; remove one, or set allow_overlap = true and "
                                                       "live with scores that are too good",
                                                       what, where),
                                .code = "overlap"});
  }

  const Catalogue& catalogue_;
  const Scan& scan_;
  bool allowed_;
  AuditReport& report_;
  std::map<std::string, std::vector<Place>> places_;
};

}  // namespace

void check_overlap(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                   AuditReport& report) {
  const std::vector<NamedSplit> splits = splits_of(report);
  OverlapCheck check(catalogue, scan, config.allow_overlap, report);
  for (const auto& [name, samples] : splits) {
    for (const std::int64_t sample : *samples) check.see(name, sample);
  }
}

void check_resolution(const core::DataConfig& config, const Scan& scan, AuditReport& report) {
  if (!config.resolution || scan.samples.empty() || report.root.empty()) return;
  const auto [height, width] = *config.resolution;
  std::size_t wide = 0, tall = 0, enlarged = 0;
  double largest = 1;
  for (const SampleFacts& facts : scan.samples) {
    wide += facts.width > facts.height ? 1 : 0;
    tall += facts.height > facts.width ? 1 : 0;
    const double factor = std::max(static_cast<double>(height) / static_cast<double>(facts.height),
                                   static_cast<double>(width) / static_cast<double>(facts.width));
    enlarged += factor > 1 ? 1 : 0;
    largest = std::max(largest, factor);
  }
  const std::size_t all = scan.samples.size();
  if ((height > width && 2 * wide > all) || (width > height && 2 * tall > all)) {
    report.findings.push_back(
        warning_finding("resolution_order", {{"height", std::to_string(height)},
                                             {"width", std::to_string(width)},
                                             {"form", height > width ? "tall" : "wide"},
                                             {"other", height > width ? "wide" : "tall"}}));
  }
  if (2 * enlarged > all) {
    report.findings.push_back(
        warning_finding("enlarged_images", {{"count", std::to_string(enlarged)},
                                            {"all", std::to_string(all)},
                                            {"height", std::to_string(height)},
                                            {"width", std::to_string(width)},
                                            {"factor", fmt::format("{:.2f}", largest)}}));
  }
}

}  // namespace segbench::data
