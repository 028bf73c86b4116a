// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "harness/core/measures.h"
#include "harness/data/audit/judge.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

void warn_of(AuditReport& report, std::string_view key, const core::WarningValues& values) {
  report.findings.push_back(warning_finding(key, values));
}

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The size that most images have.
std::array<std::int64_t, 2> usual_size(const Scan& scan) {
  std::map<std::array<std::int64_t, 2>, int> counts;
  for (const SampleFacts& facts : scan.samples) ++counts[{facts.height, facts.width}];
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

/// Tells classes of which resizing left no pixel in a split, and returns those that it left nowhere.
std::set<std::string> check_vanished(const Scan& scan, AuditReport& report) {
  std::set<std::string> everywhere;
  std::vector<std::string> told;
  const std::array<std::pair<const char*, const std::vector<std::int64_t>*>, 3> splits = {
      {{"train", &report.splits.train},
       {"selection", &report.splits.selection},
       {"test", &report.splits.test}}};
  for (std::size_t c = 0; c < report.classes.size(); ++c) {
    std::int64_t left = 0;
    for (const auto& [split, samples] : splits) {
      std::int64_t before = 0, masks = 0;
      for (const std::int64_t sample : *samples) {
        const std::vector<std::int64_t>& stored =
            scan.samples[static_cast<std::size_t>(sample)].stored_pixels;
        if (stored.empty() || stored[c] == 0) continue;
        before += stored[c], ++masks;
      }
      const std::int64_t after = report.class_pixels.at(split)[c];
      left += after;
      if (before == 0 || after > 0) continue;
      told.push_back(fmt::format("{} in {} ({} pixels in {} masks before, 0 after)", report.classes[c].name,
                                 split, before, masks));
      everywhere.insert(report.classes[c].name);
    }
    if (left > 0) everywhere.erase(report.classes[c].name);
  }
  if (told.empty()) return everywhere;
  const auto [height, width] = usual_size(scan);
  warn_of(report, "vanished_class",
          {{"height", std::to_string(report.height)},
           {"width", std::to_string(report.width)},
           {"classes", some_of(told)},
           {"file_height", std::to_string(height)},
           {"file_width", std::to_string(width)}});
  return everywhere;
}

}  // namespace

void check_classes(const core::DataConfig& config, const Scan& scan, AuditReport& report) {
  const auto has = [&](const char* split, std::size_t c) { return report.class_pixels.at(split)[c] > 0; };
  std::vector<std::string> nowhere, untrained, unselected, untested;
  const std::set<std::string> vanished = check_vanished(scan, report);
  for (std::size_t c = 0; c < report.classes.size(); ++c) {
    const std::string& name = report.classes[c].name;
    const bool train = has("train", c), selection = has("selection", c), test = has("test", c);
    if (!train && !selection && !test) {
      if (!vanished.contains(name)) nowhere.push_back(name);
    } else if (!train && test)
      untrained.push_back(name);
    else if (!train)
      unselected.push_back(name);
    else if (!test)
      untested.push_back(name);
  }
  if (!untrained.empty()) {
    const bool allowed = config.params.value("allow_absent_classes", false);
    AuditFinding finding = warning_finding("unlearnable_class", {{"classes", listed(untrained)}});
    finding.refuses = !allowed;
    if (!allowed) finding.remedy += ", or set allow_absent_classes = true";
    report.findings.push_back(std::move(finding));
  }
  if (!nowhere.empty()) {
    warn_of(report, "absent_class", {{"classes", listed(nowhere)}});
  }
  if (!unselected.empty()) {
    warn_of(report, "unlearnable_selection_class", {{"classes", listed(unselected)}});
  }
  if (!untested.empty()) {
    warn_of(report, "untested_class", {{"classes", listed(untested)}});
  }
  for (const auto& [split, pixels] : report.class_pixels) {
    const std::int64_t all = std::accumulate(pixels.begin(), pixels.end(), std::int64_t{0}),
                       empty = pixels.back();
    const auto present =
        std::count_if(pixels.begin(), pixels.end() - 1, [](std::int64_t n) { return n > 0; });
    if (all == 0) continue;
    if (present == 0) {
      report.findings.push_back(
          {true, "", fmt::format("every pixel of the {} split is void", split), "void"});
    } else if (2 * empty > all) {
      const double percent = 100.0 * static_cast<double>(empty) / static_cast<double>(all);
      warn_of(report, "mostly_void", {{"percent", fmt::format("{:.0f}", percent)}, {"split", split}});
    }
    if (present == 1) warn_of(report, "one_class", {{"split", split}});
  }
}

void check_selection(const core::DataConfig& config, AuditReport& report) {
  if (!config.background || report.splits.selection.empty()) return;
  const std::vector<std::int64_t>& pixels = report.class_pixels.at("selection");
  const auto background = static_cast<std::size_t>(*config.background);
  std::int64_t foreground = 0;
  for (std::size_t c = 0; c + 1 < pixels.size(); ++c) foreground += c == background ? 0 : pixels[c];
  if (foreground > 0) return;
  std::vector<std::string> undefined;
  for (const core::Measure& metric : core::kPooledScores) {
    if (!metric.with_background.empty()) undefined.emplace_back(metric.key);
  }
  warn_of(report, "undefined_selection",
          {{"background", report.classes[background].name},
           {"metrics", fmt::format("{}", fmt::join(undefined, " and "))}});
}

}  // namespace segbench::data
