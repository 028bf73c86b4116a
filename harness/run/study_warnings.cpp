// SPDX-License-Identifier: MIT
#include "harness/run/study_warnings.h"

#include <utility>

#include "harness/run/training_warnings.h"

namespace segbench::run {

std::vector<StudyWarning> variant_warnings(const study::Study& study,
                                           const std::vector<std::int64_t>& train_images) {
  std::vector<StudyWarning> warnings;
  for (std::size_t i = 0; i < study.variants.size() && i < train_images.size(); ++i) {
    const core::Variant& variant = study.variants[i];
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
