// SPDX-License-Identifier: MIT
#include "harness/data/audit/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/core/hash.h"
#include "harness/data/audit/groups.h"
#include "harness/data/audit/mask_hints.h"
#include "harness/data/audit/splits.h"

namespace segbench::data {
namespace {

constexpr std::size_t kFewestImages = 2, kFewImages = 5;

/// The findings of all samples; what the values of their masks look like comes as one finding in front.
void collect_sample_findings(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                             AuditReport& report) {
  MaskValues unknown;
  std::size_t masks = 0;
  const auto merge = [](auto& sum, const auto& part) {
    for (const auto& [value, pixels] : part) sum[value] += pixels;
  };
  std::vector<StoredKinds> stored;
  for (const SampleFacts& facts : scan.samples) {
    masks += facts.unknown.empty() ? 0 : 1;
    merge(unknown.values, facts.unknown.values), merge(unknown.colours, facts.unknown.colours);
    stored.push_back(facts.stored);
  }
  if (masks > 0) {
    const core::PartSpec& kind = core::PartRegistry::instance().get(core::PartKind::kDataSet, config.kind);
    const MaskHint hint = mask_hint(stored, catalogue.coding, core::background_of(kind, config.params));
    report.findings.push_back(
        {true, "",
         fmt::format("{} of {} masks hold values that belong to no class: {}{}{}", masks, scan.samples.size(),
                     list_values(unknown), hint.cause.empty() ? "" : "; ", hint.cause),
         "mask_values_overall", remedy_of(hint)});
  }
  for (const SampleFacts& facts : scan.samples)
    report.findings.insert(report.findings.end(), facts.findings.begin(), facts.findings.end());
}

/// True for a split that is drawn out of the training samples.
bool is_drawn(const core::SplitRule& rule, const Catalogue& catalogue) {
  if (rule.fraction) return true;
  const bool automatic = rule.official == std::vector<std::string>{kAutoSplit};
  return automatic &&
         std::none_of(catalogue.official_splits.begin(), catalogue.official_splits.end(),
                      [](const auto& split) { return split.first != "all" && split.first != "train"; });
}

/// How samples that belong together leave a split without images; "" where none do.
std::string blame_groups(const std::vector<std::string>& groups, const core::DataConfig& config) {
  std::set<std::string> names(groups.begin(), groups.end());
  names.erase("");
  if (names.empty()) return "";
  return fmt::format(
      "the samples belong to {} group{} that must not be torn apart, too few or too large for these "
      "splits: let data.group make smaller ones{}",
      names.size(), names.size() == 1 ? "" : "s", config.folds > 0 ? ", or take fewer folds" : "");
}

/// The fraction, in hundredths, with which a draw out of `pool` samples takes two and leaves two.
std::string enough_for(const std::string& name, const core::SplitRule& rule, const Catalogue& catalogue,
                       std::size_t pool, const std::string& group_remedy) {
  if (!is_drawn(rule, catalogue)) return "";
  const double asked = rule.fraction.value_or(kAutoFraction) * static_cast<double>(pool);
  if (std::llround(asked) >= static_cast<long long>(kFewestImages)) return group_remedy;
  for (int hundredths = 1; hundredths < 100; ++hundredths) {
    const auto drawn = static_cast<std::size_t>(std::llround(hundredths / 100.0 * static_cast<double>(pool)));
    if (drawn >= kFewestImages && pool >= drawn + 2 * kFewestImages)
      return fmt::format("set splits.{} = {}", name, hundredths / 100.0);
  }
  return fmt::format("there are {} images to draw from, too few for three splits: add images", pool);
}

void check_sizes(const std::string& name, std::size_t images, const std::string& remedy,
                 AuditReport& report) {
  if (images >= kFewImages) return;
  const bool refuses = images < kFewestImages;
  const std::string count = images == 0   ? "no image"
                            : images == 1 ? "one image"
                                          : fmt::format("{} images", images);
  report.findings.push_back(
      refuses ? AuditFinding{.refuses = true,
                             .file = "",
                             .message = fmt::format("the {} split has {}; it needs at least 2", name, count),
                             .code = "near_empty",
                             .remedy = remedy}
              : warning_finding("near_empty", {{"split", name}, {"images", count}}));
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

namespace {

/// What draws go by; classes only where every sample could be read.
SplitFacts split_facts(const Scan& scan, std::vector<std::string> groups, bool all_read) {
  SplitFacts facts{.image_sha256 = {}, .groups = std::move(groups), .shows = {}};
  for (const SampleFacts& sample : scan.samples) {
    facts.image_sha256.push_back(sample.image_sha256);
    if (!all_read || sample.class_pixels.empty()) continue;
    std::vector<bool>& shows = facts.shows.emplace_back();
    for (std::size_t c = 0; c + 1 < sample.class_pixels.size(); ++c)
      shows.push_back(sample.class_pixels[c] > 0);
  }
  if (facts.shows.size() != scan.samples.size()) facts.shows.clear();
  return facts;
}

AuditReport judge_one(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan) {
  AuditReport report{.findings = catalogue.findings,
                     .root = catalogue.root,
                     .data_fingerprint = data_fingerprint(catalogue, config, scan),
                     .height = scan.height,
                     .width = scan.width,
                     .classes = catalogue.classes,
                     .splits = {},
                     .class_pixels = {}};
  collect_sample_findings(catalogue, config, scan, report);
  const bool all_read = std::none_of(scan.samples.begin(), scan.samples.end(),
                                     [](const SampleFacts& facts) { return !facts.findings.empty(); });
  SampleGroups groups = groups_of(catalogue, config);
  report.findings.insert(report.findings.end(), groups.findings.begin(), groups.findings.end());
  SplitDraw drawn = draw_splits(catalogue, config, split_facts(scan, groups.names, all_read));
  report.splits = std::move(drawn.splits);
  report.findings.insert(report.findings.end(), drawn.findings.begin(), drawn.findings.end());
  std::size_t pool = report.splits.train.size();
  if (is_drawn(config.selection, catalogue)) pool += report.splits.selection.size();
  if (is_drawn(config.test, catalogue)) pool += report.splits.test.size();
  const std::string group_remedy = blame_groups(groups.names, config);
  const auto enough = [&](const char* name, const core::SplitRule& rule) {
    return enough_for(name, rule, catalogue, pool, group_remedy);
  };
  check_sizes("train", report.splits.train.size(), group_remedy, report);
  check_sizes("selection", report.splits.selection.size(), enough("selection", config.selection), report);
  check_sizes("test", report.splits.test.size(), enough("test", config.test), report);
  check_overlap(catalogue, config, scan, report);
  check_groups(groups.names, config, report);
  check_near_twins(catalogue, scan, report);
  check_files(catalogue, config, scan, report);
  if (all_read) {  // else classes seem absent that are merely unread
    count_classes(scan, report);
    check_classes(config, scan, report);
    check_selection(config, report);
    check_masks(catalogue, scan, report);
    check_resolution(config, scan, report);
  }
  std::stable_partition(report.findings.begin(), report.findings.end(),
                        [](const AuditFinding& finding) { return finding.refuses; });
  return report;
}

/// What another fold shows that the first ones did not: whatever refuses, and warnings of another kind.
void add_fold(const AuditReport& fold, std::int64_t number, AuditReport& report) {
  for (const AuditFinding& finding : fold.findings) {
    const bool known = std::any_of(report.findings.begin(), report.findings.end(), [&](const auto& other) {
      return finding.code == other.code &&
             (!finding.refuses || (finding.file == other.file && finding.message == other.message));
    });
    if (known) continue;
    report.findings.push_back(finding);
    report.findings.back().message = fmt::format("with fold {} left out: {}", number, finding.message);
  }
}

}  // namespace

AuditReport judge(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan) {
  if (!core::folds_by_seed(config)) return judge_one(catalogue, config, scan);
  core::DataConfig one = config;
  one.fold = 0;
  AuditReport report = judge_one(catalogue, one, scan);
  report.fold_splits = {report.splits};
  for (std::int64_t fold = 1; fold < config.folds; ++fold) {
    one.fold = fold;
    const AuditReport other = judge_one(catalogue, one, scan);
    report.fold_splits.push_back(other.splits);
    add_fold(other, fold, report);
  }
  std::stable_partition(report.findings.begin(), report.findings.end(),
                        [](const AuditFinding& finding) { return finding.refuses; });
  return report;
}

}  // namespace segbench::data
