// SPDX-License-Identifier: MIT
#include "harness/run/study_warnings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

#include "harness/core/warning_kinds.h"
#include "harness/run/training_warnings.h"

namespace segbench::run {

namespace {

/// The folds that no trial of a cross-validation leaves out.
void warn_of_folds(const study::Study& study, const core::Variant& variant,
                   std::vector<StudyWarning>& warnings) {
  const core::DataConfig& data = variant.config.data;
  if (!core::folds_by_seed(data)) return;
  std::set<std::int64_t> taken;
  for (const std::uint64_t seed : study.seeds) taken.insert(core::fold_of(data, seed));
  std::vector<std::int64_t> left;
  for (std::int64_t fold = 0; fold < data.folds; ++fold) {
    if (!taken.contains(fold)) left.push_back(fold);
  }
  if (left.empty()) return;
  warnings.push_back({.warning = core::make_warning(
                          "folds_left_out", {{"seeds", fmt::format("{}", fmt::join(study.seeds, ", "))},
                                             {"folds", fmt::format("{} {}", left.size() == 1 ? "" : "s",
                                                                   fmt::join(left, ", "))},
                                             {"count", fmt::format("{}", data.folds)}}),
                      .variant_id = variant.id,
                      .label = variant.label});
}

}  // namespace

std::vector<StudyWarning> variant_warnings(const study::Study& study,
                                           const std::vector<std::int64_t>& train_images) {
  std::vector<StudyWarning> warnings;
  for (std::size_t i = 0; i < study.variants.size() && i < train_images.size(); ++i) {
    const core::Variant& variant = study.variants[i];
    warn_of_folds(study, variant, warnings);
    for (core::Warning& warning : training_warnings(variant, train_images[i])) {
      warnings.push_back({.warning = std::move(warning), .variant_id = variant.id, .label = variant.label});
    }
  }
  return warnings;
}

core::Json to_json(const std::vector<StudyWarning>& warnings) {
  core::Json list = core::Json::array();
  for (const StudyWarning& entry : warnings) {
    core::Json json = entry.warning;
    json["source"] = "plan";
    json["variant"] = entry.variant_id;
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace segbench::run
