// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/data/audit/judge.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

/// In which split each sample stands; the first one where splits overlap, "" for none.
std::vector<std::string> split_of_samples(const Scan& scan, const AuditReport& report) {
  std::vector<std::string> split(scan.samples.size());
  const auto put = [&](const std::string& name, const std::vector<std::int64_t>& samples) {
    for (const std::int64_t sample : samples) {
      std::string& own = split[static_cast<std::size_t>(sample)];
      if (own.empty()) own = name;
    }
  };
  put("train", report.splits.train);
  put("selection", report.splits.selection);
  put("test", report.splits.test);
  return split;
}

}  // namespace

void check_near_twins(const Catalogue& catalogue, const Scan& scan, AuditReport& report) {
  const std::vector<std::string> split = split_of_samples(scan, report);
  std::vector<std::string> pairs;
  for (const NearTwins& twins : scan.near_twins) {
    const std::string &first = split[twins.first], &second = split[twins.second];
    if (first.empty() || second.empty() || first == second) continue;
    pairs.push_back(fmt::format("{} ({}) and {} ({})", catalogue.samples[twins.first].image_file, first,
                                catalogue.samples[twins.second].image_file, second));
  }
  if (pairs.empty()) return;
  report.findings.push_back(warning_finding(
      "near_duplicate", {{"pairs", pairs.size() == 1 ? "one pair" : fmt::format("{} pairs", pairs.size())},
                         {"names", some_of(pairs)}}));
}

void check_masks(const Catalogue& catalogue, const Scan& scan, AuditReport& report) {
  for (const Misfit& misfit : scan.misfits.misfits) {
    const Sample &sample = catalogue.samples[misfit.sample], &other = catalogue.samples[misfit.other];
    report.findings.push_back(
        misfit.swapped ? warning_finding("masks_swapped", {{"other", other.mask_file}}, sample.mask_file)
                       : warning_finding("mask_misfit", {{"other", other.image_file}}, sample.mask_file));
  }
  if (!catalogue.render && !scan.misfits.possible) {
    report.not_checked.emplace_back(
        "whether each mask lies on its own image: too few images of one size, or masks that do not follow "
        "edges");
  }
  std::vector<std::string> in_alpha;
  for (std::size_t i = 0; i < scan.samples.size(); ++i) {
    if (scan.samples[i].mask_in_alpha) in_alpha.push_back(catalogue.samples[i].mask_file);
  }
  if (in_alpha.empty()) return;
  report.findings.push_back(warning_finding(
      "mask_in_alpha",
      {{"masks", in_alpha.size() == 1 ? "one mask is" : fmt::format("{} masks are", in_alpha.size())},
       {"names", some_of(in_alpha)}}));
  report.findings.back().refuses = 2 * in_alpha.size() > scan.samples.size();
}

}  // namespace segbench::data
