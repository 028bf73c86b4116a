// SPDX-License-Identifier: MIT
#include "harness/cli/study_warnings.h"

#include <fmt/format.h>

#include <cstdio>

#include "harness/cli/plan_estimate.h"

namespace segbench::cli {

std::vector<StudyWarning> variant_warnings(const study::Study& study,
                                           const std::vector<std::int64_t>& train_images) {
  std::vector<StudyWarning> warnings;
  for (std::size_t i = 0; i < study.variants.size() && i < train_images.size(); ++i) {
    const core::Variant& variant = study.variants[i];
    std::string text = warn_of_few_steps(variant, train_images[i]);
    if (!text.empty())
      warnings.push_back(
          {{.code = "few_steps_for_batch_norm", .message = std::move(text), .remedy = ""}, variant.id});
  }
  return warnings;
}

void tell(const std::vector<StudyWarning>& warnings) {
  for (const StudyWarning& entry : warnings) fmt::print(stderr, "warning: {}\n", to_text(entry.warning));
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

}  // namespace segbench::cli
