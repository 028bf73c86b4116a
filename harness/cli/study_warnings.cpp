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
    std::string message = warn_of_few_steps(variant, train_images[i]), remedy;
    if (message.empty()) continue;
    // The variant is told beside the message, and what to do about it stands behind the semicolon.
    if (message.starts_with(variant.label + ": ")) message.erase(0, variant.label.size() + 2);
    if (const std::size_t end = message.find("; "); end != std::string::npos) {
      remedy = message.substr(end + 2) + ".";
      message = message.substr(0, end) + ".";
    }
    warnings.push_back({.warning = {.code = "few_steps_for_batch_norm",
                                    .message = std::move(message),
                                    .remedy = std::move(remedy)},
                        .variant_id = variant.id,
                        .label = variant.label});
  }
  return warnings;
}

void tell(const std::vector<StudyWarning>& warnings) {
  for (const StudyWarning& entry : warnings) {
    fmt::print(stderr, "warning: {}{}{}\n", entry.label, entry.label.empty() ? "" : ": ",
               to_text(entry.warning));
  }
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
